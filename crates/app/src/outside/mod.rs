//! What talks to others over the network, and the only modules that may: each to the addresses the operator configured,
//! within a time and a length, and following no redirect.

mod http;
pub mod oidc;
