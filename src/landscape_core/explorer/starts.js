// Starts that are dragged over the map.
"use strict";

const [MOUSE, FINGER] = [10, 22]; // how near to a start they have to be, in pixels

DropABall.Starts = class {
  /**
   * @param {InstanceType<typeof DropABall.Map>} map
   * @param {object} actions
   * @param {() => Ball[]} actions.balls
   * @param {(index: number, start: [number, number]) => void} actions.move called while a start is dragged
   * @param {(index: number) => void} actions.moved called when it has been
   */
  constructor(map, { balls, move, moved }) {
    const { element } = map;
    this.map = map;
    this.balls = balls;
    element.addEventListener("pointerdown", (event) => {
      const index = this.under(event, event.pointerType === "touch" ? FINGER : MOUSE);
      if (index < 0 || event.button || !event.isPrimary) {
        return;
      }
      map.pressed = null; // and so no click that drops a ball
      element.setPointerCapture(event.pointerId);
      const end = new AbortController();
      let dragged = false;
      const there = () => index < balls().length; // by keys, it may be removed meanwhile
      const drag = (/** @type {PointerEvent} */ to) => {
        dragged = true;
        if (there()) {
          move(index, map.nearest(to));
        }
      };
      element.addEventListener("pointermove", drag, { signal: end.signal });
      element.addEventListener(
        "lostpointercapture",
        () => {
          end.abort();
          if (dragged && there()) {
            moved(index);
          }
        },
        { once: true },
      );
    });
    element.addEventListener("pointermove", (event) => {
      if (!event.buttons) {
        element.style.cursor = this.under(event, MOUSE) < 0 ? "" : "move";
      }
    });
    // A finger on a start drags it, and does not scroll the page.
    const touched = (/** @type {TouchEvent} */ event) => {
      if (this.under(event.touches[0], FINGER) >= 0) {
        event.preventDefault();
      }
    };
    element.addEventListener("touchstart", touched, { passive: false });
  }

  /**
   * Return which ball's start is under a pointer.
   * @param {{clientX: number, clientY: number}} pointer
   * @param {number} reach
   * @returns {number} −1 where there is none
   */
  under({ clientX, clientY }, reach) {
    const box = this.map.element.getBoundingClientRect();
    return this.balls().findLastIndex(({ settings }) => {
      const [x, y] = this.map.place(...settings.start);
      return Math.hypot(clientX - box.left - x, clientY - box.top - y) < reach;
    });
  }
};
