"""The sentences of import problems, by code: what is wrong, and what to do about it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

FILE_TEXTS: dict[str, tuple[str, str]] = {
    "not-found": (
        _("There is no file %(path)s."),
        _("Check the path."),
    ),
    "empty-file": (
        _("The file is empty."),
        _("Export it again; the first row must name the columns."),
    ),
    "no-header": (
        _("Row %(line)s holds no names of columns."),
        _("Give the number of the row in which they stand, as a spreadsheet shows it."),
    ),
    "header-only": (
        _("The file has a header but no rows."),
        _("Export it again with its rows."),
    ),
    "too-large": (
        _("The file has %(size)s MB; the limit is %(limit)s MB."),
        _("Split it, or import it on the command line, which takes larger files."),
    ),
    "binary-file": (
        _("This is not a table but %(what)s."),
        _("Save it as CSV or Excel (.xlsx) first."),
    ),
    "wrong-encoding": (
        _("Line %(line)s cannot be read as text: byte %(byte)s at position %(offset)s is neither "
          "UTF-8 nor CP932."),
        _("Save the file as “CSV UTF-8”, or name its encoding."),
    ),
    "damaged-encoding": (
        _("Line %(line)s is damaged: byte %(byte)s at position %(offset)s does not fit the rest of "
          "the file, which is %(encoding)s."),
        _("Export the file again, or correct that line."),
    ),
    "not-in-encoding": (
        _("Line %(line)s cannot be read as %(encoding)s: byte %(byte)s at position %(offset)s does "
          "not fit."),
        _("Choose another encoding, or correct that line."),
    ),
    "unknown-encoding": (
        _("“%(encoding)s” is not a known encoding."),
        _("Use utf-8, cp932, utf-16 or another name that Python knows."),
    ),
    "line-too-long": (
        _("Line %(line)s is longer than %(limit)s MB."),
        _("Check that the file is a table with one record a line."),
    ),
    "too-many-columns": (
        _("Line %(line)s has %(count)s columns; the limit is %(limit)s."),
        _("Leave out the columns that are not needed."),
    ),
    "duplicate-headers": (
        _("The header has the column “%(names)s” more than once; the first is read."),
        _("Rename them, or map the second one as “%(names)s#2”."),
    ),
    "unclosed-quote": (
        _("A quotation mark opened in the record that starts on line %(line)s is never closed."),
        _("The file was cut off, or a quotation mark stands alone: correct that line."),
    ),
    "field-too-long": (
        _("A cell of the record that starts on line %(line)s is longer than %(limit)s characters."),
        _("A quotation mark is probably not closed there: correct that line."),
    ),
    "zip-bomb": (
        _("The workbook would unpack to %(size)s MB (%(ratio)s times its size)."),
        _("Save the sheet that you need as CSV."),
    ),
    "vast-sheet": (
        _("A sheet spans %(rows)s rows and %(columns)s columns with %(cells)s filled cells."),
        _("Delete what stands far out in the sheet (Ctrl+End shows where), or save it as CSV."),
    ),
    "damaged-workbook": (
        _("The workbook cannot be opened: %(reason)s"),
        _("Open it in a spreadsheet program and save it again, or save it as CSV."),
    ),
    "unknown-sheet": (
        _("The workbook has no sheet “%(sheet)s”; it has %(sheets)s."),
        _("Name one of its sheets."),
    ),
    "bad-mapping": (
        _("The mapping is not valid: %(reason)s"),
        _("Correct the mapping; the guide describes every entry."),
    ),
    "missing-column": (
        _("The file has no column “%(name)s”; it has: %(header)s."),
        _("Correct the name in the mapping."),
    ),
    "unmapped-field": (
        _("No column is mapped to “%(field)s”, which every row needs."),
        _("Map a column to it, or give a constant."),
    ),
    "ambiguous-dates": (
        _("Column “%(name)s” can be read in more than one order, e.g. %(examples)s."),
        _("Say which order is meant: %(orders)s."),
    ),
    "mixed-dates": (
        _("Column “%(name)s” writes its dates in more than one order, e.g. %(examples)s."),
        _("Write them all alike, or say which order counts (%(orders)s): rows in another are then "
          "refused."),
    ),
    "no-dates": (
        _("Column “%(name)s” does not hold dates, e.g. %(examples)s."),
        _("Map another column."),
    ),
    "ambiguous-numbers": (
        _("In column “%(name)s” the decimal mark is not clear, e.g. %(examples)s."),
        _("Say whether “.” or “,” is the decimal mark."),
    ),
    "no-numbers": (
        _("Column “%(name)s” does not hold numbers, e.g. %(examples)s."),
        _("Map another column."),
    ),
}  # fmt: skip

ROW_TEXTS: dict[str, tuple[str, str]] = {
    "too-many-cells": (
        _("The row has %(count)s cells, the header %(width)s."),
        _("A comma or quotation mark inside a cell is probably not quoted."),
    ),
    "too-few-cells": (
        _("The row has %(count)s cells, the header %(width)s."),
        _("The missing cells count as empty; check whether the row was cut off."),
    ),
    "required": (
        _("The cell is empty."),
        _("Every row needs a value here."),
    ),
    "spreadsheet-error": (
        _("“%(value)s” is an error of the spreadsheet."),
        _("Correct its formula; the cell counts as empty."),
    ),
    "not-a-date": (
        _("“%(value)s” is not a date."),
        _("Write it as 2024-02-03, 2024/2/3, 2024年2月3日 or 令和6年2月3日."),
    ),
    "no-such-day": (
        _("“%(value)s” is not a day of the calendar."),
        _("Correct the day or the month."),
    ),
    "no-such-time": (
        _("“%(value)s” is not a time of day."),
        _("Write hours 0–23, minutes and seconds 0–59."),
    ),
    "year-out-of-range": (
        _("The year of “%(value)s” is outside 1800–9998."),
        _("Write the year with four digits."),
    ),
    "wrong-date-order": (
        _("“%(value)s” is not a date in the order of its column."),
        _("Correct this row, or choose another order for the column."),
    ),
    "not-a-number": (
        _("“%(value)s” is not a number."),
        _("Write digits only, such as 1234.5."),
    ),
    "not-finite": (
        _("“%(value)s” is not a number that can be stored."),
        _("Leave the cell empty."),
    ),
    "number-too-large": (
        _("“%(value)s” is too large."),
        _("Correct the number."),
    ),
    "not-whole": (
        _("“%(value)s” is not a whole number."),
        _("Leave out the decimals."),
    ),
    "negative": (
        _("“%(value)s” is negative."),
        _("Write zero or more."),
    ),
    "out-of-range": (
        _("“%(value)s” is outside %(low)s–%(high)s."),
        _("Correct the number."),
    ),
    "not-yes-no": (
        _("“%(value)s” is neither yes nor no."),
        _("Write yes/no, true/false, 1/0 or はい/いいえ."),
    ),
    "unknown-choice": (
        _("“%(value)s” is none of %(choices)s."),
        _("Use one of them, or add the value to the mapping."),
    ),
    "too-long": (
        _("The text has %(length)s characters; the limit is %(limit)s."),
        _("Shorten it."),
    ),
    "not-an-address": (
        _("“%(value)s” is not a mail address."),
        _("Correct it or leave it empty."),
    ),
    "bad-corporate-number": (
        _("“%(value)s” is not a valid corporate number (法人番号)."),
        _("Check its 13 digits; the row is taken without it."),
    ),
    "unknown-currency": (
        _("“%(value)s” is not a currency code."),
        _("Use an ISO 4217 code such as JPY, USD or EUR."),
    ),
    "mixed-currencies": (
        _("The amount is in %(found)s, the row in %(expected)s."),
        _("Give the currency in a column of its own."),
    ),
    "duplicate-id": (
        _("The id “%(value)s” was already used in row %(first)s."),
        _("Only the first row is taken; give this one an id of its own."),
    ),
    "duplicate-id-kept": (
        _("The id “%(value)s” was already used in row %(first)s."),
        _("Both rows are taken, because the mapping says so."),
    ),
    "repeated-row": (
        _("Row %(first)s is already about the same thing."),
        _("Only the first row is taken; make one row of them, or map a column that holds ids."),
    ),
    "repeated-row-kept": (
        _("Row %(first)s is already about the same thing."),
        _("Both rows are taken, because the mapping says so."),
    ),
    "unknown-account": (
        _("There is no account “%(value)s”."),
        _("Import the accounts first, or correct the id."),
    ),
    "unknown-subscription": (
        _("There is no subscription “%(value)s”."),
        _("Import the subscriptions first, or correct the id."),
    ),
    "not-a-domain": (
        _("“%(value)s” is not a domain."),
        _("Write it like example.co.jp; the row is taken without a domain."),
    ),
    "unknown-user": (
        _("There is no user “%(value)s” here."),
        _("Add the user first; the row is taken without an owner."),
    ),
    "ambiguous-match": (
        _("“%(value)s” matches more than one account: %(names)s."),
        _("Give the id of the account."),
    ),
    "end-before-start": (
        _("The end (%(end)s) is before the start (%(start)s)."),
        _("Correct one of the two dates."),
    ),
    "in-the-future": (
        _("“%(value)s” lies in the future."),
        _("Correct the date; usage cannot happen before its time."),
    ),
    "dated-ahead": (
        _("“%(value)s” lies in the future."),
        _("The row is taken all the same; correct the date if it is a slip."),
    ),
    "outside-subscription": (
        _("“%(value)s” lies outside the subscription (%(start)s to %(end)s)."),
        _("The row is taken all the same; check the id of the subscription or its dates."),
    ),
    "closed-before-opened": (
        _("Closed (%(end)s) before opened (%(start)s)."),
        _("The row is taken without the closing time; correct one of the two."),
    ),
    "churned-but-served": (
        _("%(count)s accounts are marked as churned in “%(attribute)s”, but a subscription of "
          "theirs runs (%(examples)s)."),
        _("Subscriptions decide: a company is a customer while a subscription of it runs."),
    ),
    "customer-but-not-served": (
        _("%(count)s accounts are not marked as churned in “%(attribute)s”, but no subscription of "
          "theirs runs (%(examples)s)."),
        _("Subscriptions decide: a company is a customer while a subscription of it runs."),
    ),
    "cancelled-but-served": (
        _("%(count)s accounts have cancelled, but a subscription of theirs runs "
          "(%(examples)s)."),
        _("Subscriptions decide; the cancellation stays on the timeline."),
    ),
}  # fmt: skip
