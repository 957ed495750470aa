//! Facts about a person that are no fields: kind, stage, source, and the label derived from them.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $code:literal $key:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The number that stands in the database.
            pub fn code(self) -> i64 {
                match self { $(Self::$variant => $code),* }
            }

            pub fn from_code(code: i64) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// The word of API and exports.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }
        }
    };
}

codes! {
    /// What an advocate is: nominees cannot join until invited.
    Kind { Nominee 1 "nominee", Advocate 2 "advocate" }
}

codes! {
    /// Where a prospect stands.
    Stage {
        New 1 "new", Outreach 2 "outreach", Negotiating 3 "negotiating", Joined 4 "joined",
        Expired 5 "expired", RejectedByPartner 6 "rejected_by_partner", RejectedByYou 7 "rejected_by_you",
    }
}

codes! {
    /// How a person came into the workspace.
    Source {
        AdminAdded 1 "Admin added", CsvImport 2 "CSV import", OpenSignup 3 "Open signup", Api 4 "API",
        Salesforce 5 "Salesforce", AdvocateAnywhere 6 "Advocate Anywhere",
    }
}

codes! {
    /// A membership of somebody who has not joined is pending and becomes active at joining.
    MembershipState { Pending 1 "pending", Active 2 "active" }
}

/// The label shown for a person.
pub fn label(kind: Option<Kind>, joined: bool, archived: bool) -> &'static str {
    match (archived, joined, kind) {
        (true, ..) => "Archived",
        (_, true, _) => "Joined",
        (_, _, Some(Kind::Nominee)) => "Nominee",
        _ => "Not joined",
    }
}
