"use strict";
// Without this script the table shows everything and the form stays hidden.
(function () {
  var form = document.getElementById("filter");
  var shown = document.getElementById("shown");
  var body = document.getElementById("rows");
  var rows = Array.prototype.slice.call(body.rows);
  var inOrder = rows.slice();
  var total = shown.textContent;
  var fields = {
    text: document.getElementById("filter-text"),
    d: document.getElementById("filter-scan"), // only where there are several scans
    s: document.getElementById("filter-severity"),
    c: document.getElementById("filter-category"),
    g: document.getElementById("filter-status")
  };
  var texts = null; // what each row says, in lower case; made when it is first needed

  function apply() {
    var wanted = fields.text.value.trim().toLowerCase();
    if (wanted && !texts) {
      texts = new Map(rows.map(function (row) { return [row, row.textContent.toLowerCase()]; }));
    }
    var count = 0;
    rows.forEach(function (row) {
      var visible = (!wanted || texts.get(row).indexOf(wanted) >= 0) &&
        ["d", "s", "c", "g"].every(function (key) {
          return !fields[key] || !fields[key].value || row.dataset[key] === fields[key].value;
        });
      if (row.hidden === visible) {
        row.hidden = !visible;
      }
      count += visible ? 1 : 0;
    });
    shown.textContent = count === rows.length ? total : count + " of " + rows.length + " listed findings are shown.";
  }

  // Sorting by a column: once upwards, once downwards, then in the order of the page again.
  var heads = Array.prototype.slice.call(document.getElementById("table").tHead.rows[0].cells);

  function key(row, column) {
    return column === 0 ? Number(row.dataset.r) : row.cells[column].textContent.trim().toLowerCase();
  }

  function order(next) {
    rows = next;
    var all = document.createDocumentFragment();
    rows.forEach(function (row) { all.appendChild(row); });
    body.appendChild(all);
  }

  function sort(column) {
    var direction = { ascending: "descending", descending: "" }[heads[column].getAttribute("aria-sort")];
    if (direction === undefined) {
      direction = "ascending";
    }
    heads.forEach(function (head) { head.removeAttribute("aria-sort"); });
    if (!direction) {
      order(inOrder.slice());
      return;
    }
    heads[column].setAttribute("aria-sort", direction);
    var sign = direction === "ascending" ? 1 : -1;
    var keyed = inOrder.map(function (row, i) { return { row: row, key: key(row, column), at: i }; });
    keyed.sort(function (a, b) {
      return a.key === b.key ? a.at - b.at : (a.key < b.key ? -sign : sign);
    });
    order(keyed.map(function (entry) { return entry.row; }));
  }

  heads.forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", function () { sort(column); });
    head.firstElementChild.className = "printed"; // browsers leave buttons out of a head that they repeat on paper
    head.appendChild(button);
  });

  var timer = 0;
  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(apply, 150);
  });
  form.addEventListener("reset", function () {
    clearTimeout(timer);
    timer = setTimeout(apply, 0); // once the fields are empty
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.hidden = false;
})();
