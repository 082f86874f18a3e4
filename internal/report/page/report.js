"use strict";
// Without this script the table shows everything and the form stays hidden.
(function () {
  var form = document.getElementById("filter");
  var shown = document.getElementById("shown");
  var rows = Array.prototype.slice.call(document.getElementById("rows").rows);
  var fields = {
    text: document.getElementById("filter-text"),
    s: document.getElementById("filter-severity"),
    c: document.getElementById("filter-category"),
    g: document.getElementById("filter-standing")
  };
  var texts = null; // what each row says, in lower case; made when it is first needed

  function apply() {
    var wanted = fields.text.value.trim().toLowerCase();
    if (wanted && !texts) {
      texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    }
    var count = 0;
    rows.forEach(function (row, i) {
      var visible = (!wanted || texts[i].indexOf(wanted) >= 0) &&
        ["s", "c", "g"].every(function (key) {
          return !fields[key].value || row.dataset[key] === fields[key].value;
        });
      if (row.hidden === visible) {
        row.hidden = !visible;
      }
      count += visible ? 1 : 0;
    });
    shown.textContent = count === rows.length
      ? "All " + rows.length + " listed findings are shown."
      : count + " of " + rows.length + " listed findings are shown.";
  }

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
