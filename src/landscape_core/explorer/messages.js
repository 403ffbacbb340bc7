// What the page tells its readers, and the buttons with which they answer.
"use strict";

/**
 * A part of the page.
 * @param {string} name
 */
DropABall.element = (name) => document.getElementById(`ball-${name}`);

const HEARD = 10000; // milliseconds after which an announcement is gone: nobody shall come upon an old one
let forgetting = 0;

/**
 * Tell readers who listen what happened.
 * @param {string} text
 */
DropABall.announce = (text) => {
  const live = DropABall.element("live");
  live.textContent = text;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => (live.textContent = ""), HEARD);
};

/**
 * Tell all readers what happened.
 * @param {string} text
 */
DropABall.notice = (text) => {
  DropABall.element("told").textContent = text;
};

/**
 * Tell all readers what does not work.
 * @param {string} text
 */
DropABall.warn = (text) => {
  DropABall.element("trouble").textContent = text;
};

/**
 * Let a button act; what was told before is done with then.
 * @param {string} name
 * @param {() => void} action
 */
DropABall.button = (name, action) =>
  DropABall.element(name).addEventListener("click", () => {
    DropABall.warn("");
    DropABall.notice("");
    action();
  });
