// The list of surfaces, and below it the form for slices of the reader's own.
"use strict";

DropABall.Choice = class {
  /** @param {(entry: Entry) => void} choose called when the reader has chosen a surface */
  constructor(choose) {
    this.surfaces = /** @type {HTMLSelectElement} */ (DropABall.element("surface"));
    for (const group of new Set(DropABall.catalogue.map((entry) => entry.group))) {
      const list = document.createElement("optgroup");
      list.label = group;
      for (const { name, title } of DropABall.catalogue.filter((entry) => entry.group === group)) {
        list.append(new Option(title, name));
      }
      this.surfaces.append(list);
    }
    this.own = document.createElement("optgroup"); // the reader's own slice, once there is one
    /** @type {Entry} */
    this.ownEntry = null;
    const own = (/** @type {Slice} */ slice) => choose(DropABall.entryOf(slice));
    this.chooser = new DropABall.Chooser(
      /** @type {HTMLFormElement} */ (DropABall.element("slice")),
      own,
    );
    this.atlas = new DropABall.Atlas(
      /** @type {HTMLDetailsElement} */ (DropABall.element("atlas")),
      () => this.chooser.slice,
      own,
    );
    this.chooser.form.addEventListener("change", () => this.atlas.show());
    this.surfaces.addEventListener("change", () =>
      choose(DropABall.catalogue.find(({ name }) => name === this.surfaces.value) ?? this.ownEntry),
    );
  }

  /**
   * Let the list and the form name a surface.
   * @param {Entry} entry
   */
  show(entry) {
    if (entry.slice) {
      this.ownEntry = entry;
      this.own.label = entry.group;
      this.own.replaceChildren(new Option(entry.title, entry.name));
      this.surfaces.append(this.own);
      this.chooser.write(entry.slice);
      this.atlas.show();
    }
    this.surfaces.value = entry.name;
  }
};
