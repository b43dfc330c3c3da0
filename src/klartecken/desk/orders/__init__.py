"""Order lines: import, evaluation, holds, releases, shipment."""
