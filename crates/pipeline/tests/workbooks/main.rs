//! Workbooks of every kind and none -> CSV text. The workbooks are made by the tests; those of others are in `corpus`.

mod cells;
mod corpus;
mod hostile;
mod kinds;
mod made;
mod ods;
mod sheets;
mod template;
