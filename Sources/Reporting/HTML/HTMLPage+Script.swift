extension HTMLPage {
  /// The one script, whose exact bytes are what the page's policy allows: it filters and sorts the lists.
  ///
  /// Controls are hidden until it runs, and headings become buttons only then, so that nothing on the page
  /// is dead without it. It makes no markup from text. Where the screen has no room for headings, these leave the
  /// order of the Tab key, and a list to sort by stands among the controls. What is folded is opened for paper; where
  /// the style sheet alone can do that, nothing is left to do.
  static let script = #"""
    "use strict";
    const narrow = matchMedia("(max-width:46rem)");
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
        chooser.value = direction ? `${heading.cellIndex} ${direction}` : "";
        const fragment = document.createDocumentFragment();
        for (const row of sorted) fragment.append(row);
        body.append(fragment);
      };

      const headings = Array.from(table.querySelectorAll("th[data-sort]"));
      const chooser = document.createElement("select");
      const offer = (value, text) => {
        const option = document.createElement("option");
        option.value = value;
        option.textContent = text;
        chooser.append(option);
      };
      offer("", "order of the report");
      for (const heading of headings) {
        for (const way of ["ascending", "descending"]) {
          offer(`${heading.cellIndex} ${way}`, `${heading.textContent}, ${way}`);
        }
      }
      chooser.addEventListener("change", () => {
        const [column, direction] = chooser.value.split(" ");
        sort(table.tHead.rows[0].cells[column || 0], direction || "");
      });
      const sorting = document.createElement("label");
      const subject = document.createElement("span");
      sorting.className = "sorting";
      subject.className = "unseen";
      subject.textContent = ` (${controls.dataset.of})`;
      sorting.append("Sort by", subject, " ", chooser);
      controls.insertBefore(sorting, status);

      const next = { ascending: "descending", descending: "" };
      const buttons = headings.map((heading) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...heading.childNodes);
        button.addEventListener("click", () => {
          const now = heading.getAttribute("aria-sort");
          sort(heading, now ? next[now] : "ascending");
        });
        heading.append(button);
        return button;
      });
      const fit = () => {
        for (const button of buttons) button.tabIndex = narrow.matches ? -1 : 0;
      };
      narrow.addEventListener("change", fit);
      fit();
      search.addEventListener("input", filter);
      for (const choice of choices) choice.addEventListener("change", filter);
      controls.hidden = false;
      filter();
    }
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = Array.from(document.querySelectorAll("details:not([open])"));
      for (const one of folded) one.open = true;
    });
    addEventListener("afterprint", () => {
      for (const one of folded) one.open = false;
    });
    """#
}
