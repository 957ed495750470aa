//! Pages of small lists by name: groups, tags, custom fields, saved mappings. A page begins behind a name and an id, so
//! that what is made or removed meanwhile moves nothing.

use convoke_people::id::WorkspaceId;

use crate::value::Value;

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedPage {
    /// Names begin with this, in compared form.
    pub prefix: String,
    /// The last one of the page before: name in compared form, and id.
    pub after: Option<(String, i64)>,
    pub most: u32,
}

impl NamedPage {
    /// The end of a statement that reads a page of table `t`, behind its condition on the workspace, which is `$1`.
    pub(crate) const END: &str = " AND substr(t.name_key, 1, $2) = $3 AND (t.name_key > $4 OR t.name_key = $4 AND t.id > $5) \
                                  ORDER BY t.name_key, t.id LIMIT $6";

    pub(crate) fn params(&self, workspace: WorkspaceId) -> [Value<'_>; 6] {
        let (key, id) = self.after.as_ref().map_or(("", 0), |(key, id)| (key.as_str(), *id));
        [
            workspace.0.into(),
            (self.prefix.chars().count() as i64).into(),
            (&self.prefix).into(),
            key.into(),
            id.into(),
            i64::from(self.most).into(),
        ]
    }
}
