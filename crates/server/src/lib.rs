//! The floor of the HTTP API, sign-in and the embedded web app: no SQL and no decisions of the product. It is empty
//! until `convoke serve` exists; it stands here so that the floors are checked from the first day.
