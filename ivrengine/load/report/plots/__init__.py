"""The plots of a report: drawn as SVG that takes its colours from the page it stands in."""
