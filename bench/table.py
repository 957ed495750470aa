"""The table the databases' own tools load: an id, then the columns of a generated advocates file."""

COLUMNS = [
    "name",
    "email",
    "title",
    "company",
    "salesforce_id",
    "position",
    "product",
    "industry",
    "contact_id",
    "account_id",
    "interests",
    "regions",
]

# The end of INSERT ... ON CONFLICT DO UPDATE SET; a key that did not change is not written.
UPDATE = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS if column != "email")
