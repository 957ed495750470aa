//! What is asked of other machines. Nothing else in the product connects to one, but for the database. These libraries
//! wait on a runtime of their own, so that the rest of `app` stays synchronous.

pub mod s3;
