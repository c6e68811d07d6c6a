extension HTMLPage {
  /// The one script, whose exact bytes are what the page's policy allows: it filters and sorts the lists.
  ///
  /// Controls are hidden until it runs, and headings become buttons only then, so that nothing on the page
  /// is dead without it. It makes no markup from text.
  static let script = #"""
    "use strict";
    for (const section of document.querySelectorAll("section.list")) {
      const table = section.querySelector("table.stacking");
      const body = table.tBodies[0];
      const rows = Array.from(body.rows);
      const texts = new Map();
      const controls = section.querySelector(".controls");
      const search = controls.querySelector("input");
      const choices = Array.from(controls.querySelectorAll("select"));
      const status = controls.querySelector("[role=status]");
      const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

      const textOf = (row) => {
        if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
        return texts.get(row);
      };

      const filter = () => {
        const words = search.value.toLowerCase().split(/\s+/).filter((word) => word);
        let shown = 0;
        for (const row of rows) {
          const fits = choices.every((choice) => {
            if (!choice.value) return true;
            return row.dataset[choice.dataset.field].split(" ").includes(choice.value);
          });
          row.hidden = !(fits && words.every((word) => textOf(row).includes(word)));
          if (!row.hidden) shown += 1;
        }
        status.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} shown`;
      };

      const sort = (heading, direction) => {
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        let sorted = rows;
        if (direction) {
          const column = heading.cellIndex;
          const keys = new Map(rows.map((row) => {
            const cell = row.cells[column];
            return [row, cell.dataset.key || cell.textContent.trim()];
          }));
          const sign = direction === "ascending" ? 1 : -1;
          sorted = rows.slice().sort((a, b) => sign * order.compare(keys.get(a), keys.get(b)));
          heading.setAttribute("aria-sort", direction);
        }
        const fragment = document.createDocumentFragment();
        for (const row of sorted) fragment.append(row);
        body.append(fragment);
      };

      const next = { ascending: "descending", descending: "" };
      for (const heading of table.querySelectorAll("th[data-sort]")) {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...heading.childNodes);
        button.addEventListener("click", () => {
          const now = heading.getAttribute("aria-sort");
          sort(heading, now ? next[now] : "ascending");
        });
        heading.append(button);
      }
      search.addEventListener("input", filter);
      for (const choice of choices) choice.addEventListener("change", filter);
      controls.hidden = false;
      filter();
    }
    """#
}
