//! What is asked of other machines, and the only modules that ask: each asks addresses that the operator configured. Nothing
//! else in the product connects to one, but for the database and the command line's `--server`. Where a library waits on a
//! runtime, it is one of its own, so that the rest of `app` stays synchronous.

mod http;
pub mod oidc;
pub mod s3;
