// The one name that the scripts of "Drop a ball" share: each of them adds its part. It is a class since
// TypeScript then knows all that belongs to it, and a misspelt part is an error.
"use strict";

class DropABall {
  /**
   * The surfaces to choose from.
   * @type {Entry[]}
   */
  static catalogue = [];

  /**
   * The colours of a surface, from low to high.
   * @type {string[]}
   */
  static colours = [];
}
