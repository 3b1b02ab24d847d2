"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const findings = all(".finding");

  // The hash holds a place and, after a question mark, what is searched for: #findings?q=gong&severity=high
  const place = () => {
    const [id, query = ""] = location.hash.slice(1).split("?");
    return { id: decodeURIComponent(id), query: new URLSearchParams(query) };
  };
  const reveal = (id) => {
    const target = id && byId(id);
    if (!target) return;
    if (target.matches("details")) target.open = true;
    const own = target.querySelector(":scope > details");
    if (own && target.matches(".part")) own.open = true;
    for (let up = target.parentElement; up; up = up.parentElement) if (up.matches("details")) up.open = true;
    target.scrollIntoView();
  };

  const bar = byId("filter");
  if (bar && findings.length) {
    bar.hidden = false;
    const text = byId("filter-text"), severity = byId("filter-severity"), count = byId("filter-count");
    const words = new Map(findings.map((f) => [f, f.textContent.toLowerCase()]));
    const apply = () => {
      const word = text.value.trim().toLowerCase();
      let shown = 0;
      for (const finding of findings) {
        const fits = words.get(finding).includes(word) && (!severity.value || finding.dataset.severity === severity.value);
        finding.hidden = !fits;
        shown += fits;
      }
      for (const group of all(".group")) group.hidden = !group.querySelector(".finding:not([hidden])");
      count.textContent = `showing ${shown} of ${findings.length}`;
    };
    const changed = () => {
      apply();
      const query = new URLSearchParams();
      if (text.value.trim()) query.set("q", text.value.trim());
      if (severity.value) query.set("severity", severity.value);
      history.replaceState(null, "", `#findings${query.size ? "?" + query : ""}`);
    };
    const restore = () => {
      const { query } = place();
      text.value = query.get("q") || "";
      severity.value = query.get("severity") || "";
      apply();
    };
    text.addEventListener("input", changed);
    severity.addEventListener("change", changed);
    byId("open-all").addEventListener("click", (event) => {
      const every = findings.every((f) => f.open);
      for (const finding of findings) finding.open = !every;
      event.target.textContent = every ? "Open all" : "Close all";
    });
    addEventListener("hashchange", () => place().query.size && restore());
    restore();
  }

  const copied = byId("copied");
  const copy = async (id) => {
    const link = location.href.split("#")[0] + "#" + id;
    try {
      await navigator.clipboard.writeText(link);
      copied.textContent = "Link copied";
    } catch {
      history.replaceState(null, "", "#" + id);
      copied.textContent = "The link stands in the address bar";
    }
  };
  for (const finding of findings) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy link";
    button.addEventListener("click", () => copy(finding.id));
    finding.querySelector(".body").append(button);
  }

  const parts = all(".part > details");
  const fold = byId("fold-all");
  if (fold && parts.length) {
    fold.hidden = false;
    fold.addEventListener("click", () => {
      const every = parts.every((p) => p.open);
      for (const part of parts) part.open = !every;
      fold.textContent = every ? "Unfold all sections" : "Fold all sections";
    });
  }

  const links = new Map(all(".rail a").map((a) => [a.hash.slice(1), a]));
  if (links.size && "IntersectionObserver" in window) {
    const seen = new Map();
    new Set(links.keys()).forEach((id) => byId(id) && seen.set(id, false));
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) seen.set(entry.target.id, entry.isIntersecting);
      const here = [...seen].find(([, visible]) => visible);
      for (const [id, link] of links) {
        if (here && id === here[0]) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }, { rootMargin: "-10% 0px -60% 0px" });
    for (const id of seen.keys()) watch.observe(byId(id));
  }

  const map = document.querySelector(".drawing-stack_map");
  if (map) {
    const wires = all(".wire", map), cards = all(".card", map);
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

  addEventListener("hashchange", () => reveal(place().id));
  reveal(place().id);
})();
