//! What may be done, and who may do it: one table. Members have what their role allows, tokens what their scopes name; a
//! workspace asks here before it does anything. docs/permissions.md is printed from it.

use std::fmt::Write;

use convoke_store::memberships::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something a member or a token may be allowed in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    See,
    Import,
    Export,
    Organise,
    DefineFields,
    ManageTokens,
    ReadAudit,
    ManageMembers,
    ManageWorkspace,
}

/// Permission, what it lets do, the least role that has it, the scope that gives it to a token.
const TABLE: [(Permission, &str, Role, Option<Scope>); 9] = [
    (Permission::See, "see imports, reports, people, groups, fields, members", Role::Viewer, Some(Scope::Read)),
    (Permission::Import, "check and import files; pause, resume and cancel", Role::Manager, Some(Scope::Import)),
    (Permission::Export, "download files of imports and lists of people", Role::Manager, Some(Scope::Export)),
    (Permission::Organise, "make and remove groups and saved mappings", Role::Manager, Some(Scope::Organise)),
    (Permission::DefineFields, "define custom fields", Role::Admin, Some(Scope::Fields)),
    (Permission::ManageTokens, "make and revoke API tokens", Role::Admin, None),
    (Permission::ReadAudit, "read and export the audit log", Role::Admin, Some(Scope::Audit)),
    (Permission::ManageMembers, "invite and remove members, change their roles", Role::Owner, None),
    (
        Permission::ManageWorkspace,
        "rename the workspace, choose its default sender, say how long files are kept",
        Role::Owner,
        None,
    ),
];

impl Permission {
    pub const ALL: [Self; TABLE.len()] = {
        let mut all = [Self::See; TABLE.len()];
        let mut at = 0;
        while at < TABLE.len() {
            all[at] = TABLE[at].0;
            at += 1;
        }
        all
    };

    /// What it lets do, in words.
    pub fn words(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// The least role that has it.
    pub fn least_role(self) -> Role {
        TABLE[self as usize].2
    }

    /// The scope a token needs for it; None: no token has it.
    pub fn scope(self) -> Option<Scope> {
        TABLE[self as usize].3
    }

    pub fn is_of(self, role: Role) -> bool {
        role >= self.least_role()
    }
}

/// What a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Read,
    Import,
    Export,
    Organise,
    Fields,
    Audit,
}

impl Scope {
    pub const ALL: [Self; 6] = [Self::Read, Self::Import, Self::Export, Self::Organise, Self::Fields, Self::Audit];
    /// What a token allows if nobody says: all that an import from another system takes.
    pub const DEFAULT: [Self; 3] = [Self::Read, Self::Import, Self::Export];

    pub fn key(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Import => "import",
            Self::Export => "export",
            Self::Organise => "organise",
            Self::Fields => "fields",
            Self::Audit => "audit",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.key() == text.trim().to_ascii_lowercase())
    }

    /// Those of a stored set.
    pub fn of_bits(bits: u32) -> Vec<Self> {
        Self::ALL.into_iter().filter(|scope| bits & scope.bit() != 0).collect()
    }

    pub(crate) fn bit(self) -> u32 {
        1 << self as u32
    }

    /// Whether somebody of this role may do all that it allows.
    pub fn is_within(self, role: Role) -> bool {
        Permission::ALL.into_iter().filter(|permission| permission.scope() == Some(self)).all(|p| p.is_of(role))
    }
}

/// The table for people: a row a permission, a column a role, and the scope.
pub fn permission_table() -> String {
    let roles = Role::ALL.map(Role::key).join(" | ");
    let mut table = format!("| may | {roles} | scope of a token |\n|---|{}---|\n", "---|".repeat(Role::ALL.len()));
    for permission in Permission::ALL {
        let marks = Role::ALL.map(|role| if permission.is_of(role) { "yes" } else { "" }).join(" | ");
        let scope = permission.scope().map_or("none".to_owned(), |scope| format!("`{}`", scope.key()));
        // Writing to a String does not fail.
        let _ = writeln!(table, "| {} | {marks} | {scope} |", permission.words());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_stands_at_its_place_and_owners_have_all() {
        for (at, permission) in Permission::ALL.into_iter().enumerate() {
            assert_eq!(permission as usize, at, "{permission:?}");
            assert!(permission.is_of(Role::Owner), "{permission:?}");
        }
    }

    #[test]
    fn who_sees_does_not_import_and_who_imports_does_not_manage() {
        let of = |role| Permission::ALL.into_iter().filter(|p| p.is_of(role)).collect::<Vec<_>>();
        assert_eq!(of(Role::Viewer), [Permission::See]);
        let manager = [Permission::See, Permission::Import, Permission::Export, Permission::Organise];
        assert_eq!(of(Role::Manager), manager);
        assert!(!of(Role::Admin).contains(&Permission::ManageMembers));
    }

    #[test]
    fn a_scope_is_within_the_roles_that_may_do_all_of_it() {
        assert!(Scope::Import.is_within(Role::Manager) && !Scope::Import.is_within(Role::Viewer));
        assert!(Scope::Fields.is_within(Role::Admin) && !Scope::Fields.is_within(Role::Manager));
    }
}
