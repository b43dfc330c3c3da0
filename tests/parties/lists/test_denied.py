from klartecken.parties.lists.formats.denied import COLUMNS
from klartecken.parties.party import Address
from tests.parties.lists.made import read

HEADER = "\t".join(f'"{c}"' for c in COLUMNS)


def row(**cells: str) -> str:
    return "\t".join(f'"{cells.get(column, "")}"' for column in COLUMNS)


def test_rows() -> None:
    full = row(
        Name=" ANNA TEST A/K/A BERTA TEST", Street_Address="1 ROAD", City="TOWN", State="TX",
        Country="US", Postal_Code="12345", Effective_Date="06/19/2003",
        Expiration_Date="06/29/2056", Standard_Order="y", Last_Update="2007-01-31",
        Action="MADE UP", FR_Citation="1 F.R. 2",
    )  # fmt: skip
    wrong = [row(Name="X", Effective_Date="2003-06-19"), row(City="TOWN"), '"A"\t"B"']
    file = read("\r\n".join([HEADER, full, row(Name="OPEN END"), *wrong, "", ""]).encode())
    anna, open_end = file.entries
    assert anna.aliases == ("ANNA TEST", "BERTA TEST")
    assert anna.addresses == (Address("1 ROAD, TOWN, TX, 12345", "US"),)
    assert (anna.start, anna.end, anna.citation) == ("2003-06-19", "2056-06-29", "1 F.R. 2")
    assert anna.remarks == "MADE UP; Last update 2007-01-31; Standard order Y"
    assert (open_end.end, open_end.addresses, open_end.countries) == ("", (), ())
    assert [r.row for r in file.rejected] == [4, 5, 6]
    assert "MM/DD/YYYY" in file.rejected[0].reason
