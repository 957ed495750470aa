//! Who may sign in and what each may do, on both databases.

mod joining;
mod leaving;
mod permissions;
mod signing_in;
mod world;
