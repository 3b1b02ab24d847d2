"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const findings = [...document.querySelectorAll(".finding")];
  const open = (hash) => {
    const target = hash.length > 1 && byId(decodeURIComponent(hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  const bar = byId("filter");
  if (bar && findings.length) {
    bar.hidden = false;
    const text = byId("filter-text"), severity = byId("filter-severity"), count = byId("filter-count");
    const apply = () => {
      const word = text.value.trim().toLowerCase();
      let shown = 0;
      for (const finding of findings) {
        const fits = finding.dataset.search.includes(word) && (!severity.value || finding.dataset.severity === severity.value);
        finding.hidden = !fits;
        shown += fits;
      }
      for (const group of document.querySelectorAll(".group")) {
        group.hidden = !group.querySelector(".finding:not([hidden])");
      }
      count.textContent = `showing ${shown} of ${findings.length}`;
    };
    text.addEventListener("input", apply);
    severity.addEventListener("change", apply);
    byId("open-all").addEventListener("click", (event) => {
      const every = findings.every((f) => f.open);
      for (const finding of findings) finding.open = !every;
      event.target.textContent = every ? "Open all" : "Close all";
    });
    apply();
  }
  const map = document.querySelector(".drawing-stack_map");
  if (map) {
    const wires = [...map.querySelectorAll(".wire")], cards = [...map.querySelectorAll(".card")];
    const light = (tool) => {
      map.classList.toggle("focused", Boolean(tool));
      const near = new Set([tool]);
      for (const wire of wires) {
        const lit = tool && (wire.dataset.from === tool || wire.dataset.to === tool);
        wire.classList.toggle("lit", Boolean(lit));
        if (lit) near.add(wire.dataset.from).add(wire.dataset.to);
      }
      for (const card of cards) card.classList.toggle("lit", Boolean(tool) && near.has(card.dataset.tool));
    };
    for (const card of cards) {
      card.addEventListener("mouseenter", () => light(card.dataset.tool));
      card.addEventListener("mouseleave", () => light(""));
      card.addEventListener("focus", () => light(card.dataset.tool));
      card.addEventListener("blur", () => light(""));
    }
  }
  addEventListener("hashchange", () => open(location.hash));
  open(location.hash);
})();
