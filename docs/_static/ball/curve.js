// The cost of each ball by epoch.
"use strict";

DropABall.Curve = class {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.screen = new DropABall.Screen(canvas);
  }

  /**
   * @param {Ball[]} balls
   * @param {number} epoch
   * @param {number} last the epoch at the right end
   */
  draw(balls, epoch, last) {
    const { screen } = this;
    const { context } = screen;
    screen.clear();
    const [left, top] = [56, 8];
    const [width, height] = [screen.width - left - 24, screen.height - top - 34];
    const [low, high] = this.range(balls);
    context.strokeRect(left, top, width, height);
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of DropABall.ticks(0, last)) {
      const x = left + (tick / last) * width;
      context.fillRect(x - 0.5, top + height, 1, 4);
      context.fillText(tick.toLocaleString("en"), x, top + height + 6);
    }
    context.fillText("epoch", left + width / 2, top + height + 20);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of DropABall.ticks(low, high)) {
      const y = top + ((high - tick) / (high - low)) * height;
      context.fillRect(left - 4, y - 0.5, 4, 1);
      context.fillText(DropABall.print(tick), left - 6, y);
    }
    const paths = balls.map((ball) =>
      DropABall.tracePath(ball, epoch, (_a, _b, cost, e, place) => {
        place[0] = left + (e / last) * width;
        place[1] = top + ((high - cost) / (high - low)) * height;
        return true;
      }),
    );
    DropABall.drawPaths(context, paths);
    balls.forEach((ball, i) => {
      const { epoch: e, cost } = ball.at(epoch);
      const y = top + ((high - cost) / (high - low)) * height;
      DropABall.drawBall(context, DropABall.looks[i], left + (e / last) * width, y, 5);
    });
  }

  /**
   * Return what the axis of the cost has to cover, with some room.
   * @param {Ball[]} balls
   * @returns {[number, number]}
   */
  range(balls) {
    let low = Infinity;
    let high = -Infinity;
    for (const ball of balls) {
      for (let i = 2; i <= 3 * ball.known + 2; i += 3) {
        low = Math.min(low, ball.path[i]);
        high = Math.max(high, ball.path[i]);
      }
    }
    const room = Math.max((high - low) * 0.06, 1e-9);
    return [low - room, high + room];
  }
};
