"""How the data sheet looks, on a screen and on paper."""

from __future__ import annotations

STYLE = """
@page { size: A4; margin: 14mm 12mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.4 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  color: #1c2024; max-width: 62rem; margin: 1.5rem auto; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between;
  align-items: flex-start; border-bottom: 2px solid #1f4e79; padding-bottom: .7rem; }
h1 { font-size: 1.5em; margin: 0; color: #1f4e79; overflow-wrap: anywhere; }
header p { margin: .2rem 0 0; color: #5b6470; }
h2 { font-size: 1.02em; margin: 1.3rem 0 .4rem; color: #1f4e79; break-after: avoid; }
.state { display: flex; gap: 1.4rem; margin: 0; }
dt { font-size: .78em; color: #5b6470; } dd { margin: 0; font-weight: 600; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
  border-top: 1px solid #cfd6de; border-left: 1px solid #cfd6de; }
.cell { padding: .35rem .55rem .45rem; border: 0 solid #cfd6de; border-width: 0 1px 1px 0;
  break-inside: avoid; }
.wide { border-width: 1px; } .wide + .wide { border-top: 0; }
.name { font-size: .78em; color: #5b6470; } .name b, tfoot b, .more b { color: #1f4e79; }
.value { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.4em; }
.none { color: #9aa4ae; }
i { font-size: .72em; color: #9a6700; font-style: normal; vertical-align: super; }
table { border-collapse: collapse; width: 100%; font-size: .9em; }
th, td { border: 1px solid #cfd6de; padding: .3rem .4rem; text-align: left;
  vertical-align: top; overflow-wrap: break-word; max-width: 18rem; }
th { background: #f3f6f9; font-weight: 600; font-size: .84em; }
td.model, td.performance { overflow-wrap: anywhere; min-width: 6rem; }
tbody { break-inside: avoid; } thead { display: table-header-group; }
td.quantity, td.unit_price, td.total, th.quantity, th.unit_price, th.total {
  text-align: right; font-variant-numeric: tabular-nums; }
td.quantity, td.unit_price, td.total { white-space: nowrap; }
.more td { background: #fbfcfd; white-space: pre-wrap; border-top-style: dotted;
  max-width: none; overflow-wrap: anywhere; }
tfoot td { font-weight: 600; background: #f3f6f9; }
.findings { border: 1px solid #e0b4ae; background: #fdf5f4; border-radius: 4px;
  padding: .1rem .9rem .6rem; margin-top: 1rem; }
.findings h2 { margin-top: .6rem; color: #b42318; }
ul { margin: 0; padding-left: 1.1rem; } li { margin: .15rem 0; break-inside: avoid; }
.blocks { color: #b42318; } .note { color: #9a6700; }
.ticks, .files { list-style: none; padding: 0; }
.ticks li { padding-left: 1.35em; text-indent: -1.35em; } .box { color: #1f4e79; }
small { color: #5b6470; } em { color: #1a7f37; font-style: normal; }
code { font: .88em ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
footer { margin-top: 1.5rem; padding-top: .5rem; border-top: 1px solid #cfd6de;
  font-size: .8em; color: #5b6470; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
