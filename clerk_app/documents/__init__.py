"""Papers and lists: the voucher, the refusal notice and the month's workbook, made from settlements alone."""
