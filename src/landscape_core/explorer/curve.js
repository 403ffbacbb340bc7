// The cost of each ball by epoch.
"use strict";

DropABall.Curve = class {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.screen = new DropABall.Screen(canvas);
    this.traces = new DropABall.Traces();
    this.scale = ""; // what the traces were drawn with
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
    const [low, high] = this.range(balls);
    const costs = DropABall.ticks(low, high);
    const left = Math.max(56, 12 + screen.widest(costs.map(DropABall.printTick)));
    const top = 18;
    const [width, height] = [screen.width - left - 24, screen.height - top - 34];
    context.strokeRect(left, top, width, height);
    context.textAlign = "center";
    context.textBaseline = "top";
    const epochs = DropABall.ticks(0, last).map((tick) => ({
      text: DropABall.group(Number(tick.toFixed(1))),
      x: left + (tick / last) * width,
    }));
    epochs.forEach(({ x }) => context.fillRect(x - 0.5, top + height, 1, 4));
    screen.writeBelow(epochs, top + height + 6);
    context.fillText("epoch", left + width / 2, top + height + 20);
    context.textAlign = "left";
    context.fillText("cost", 0, 0);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of costs) {
      const y = top + ((high - tick) / (high - low)) * height;
      context.fillRect(left - 4, y - 0.5, 4, 1);
      context.fillText(DropABall.printTick(tick), left - 10, y);
    }
    const scale = [low, high, last, left, width, height].join();
    if (scale !== this.scale) {
      this.scale = scale;
      this.traces.forget();
    }
    const paths = this.traces.follow(balls, epoch, (_a, _b, cost, e, place) => {
      place[0] = left + (e / last) * width;
      place[1] = top + ((high - cost) / (high - low)) * height;
      return true;
    });
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
    const low = Math.min(...balls.map((ball) => ball.low));
    const high = Math.max(...balls.map((ball) => ball.high));
    const room = Math.max((high - low) * 0.06, 1e-9);
    return [low - room, high + room];
  }
};
