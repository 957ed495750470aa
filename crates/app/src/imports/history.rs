//! The history: imports and dry runs, newest first, by what they are and by words.

use convoke_people::id::ImportId;
use convoke_people::record_type::RecordType;
use convoke_people::text;
use convoke_store::imports::{Import, ImportKind, ImportState, list_imports};

use crate::error::Result;
use crate::workspace::Workspace;

/// Imports that are read at once. Names are compared without case, which the two databases do not do alike.
const READ_AT_ONCE: u32 = 200;

/// Which imports are asked for.
#[derive(Clone, Debug, Default)]
pub struct HistoryFilter {
    pub states: Vec<ImportState>,
    pub kind: Option<ImportKind>,
    pub record_type: Option<RecordType>,
    /// Words of the file's name or of whoever uploaded it, without case.
    pub search: Option<String>,
    /// The last one of the page before.
    pub before: Option<ImportId>,
    pub most: usize,
}

impl HistoryFilter {
    fn takes(&self, import: &Import, words: &str) -> bool {
        (self.states.is_empty() || self.states.contains(&import.state))
            && self.kind.is_none_or(|kind| kind == import.kind)
            && self.record_type.is_none_or(|of| of == import.record_type)
            && (text::key(&import.file_name).contains(words) || text::key(&import.created_by).contains(words))
    }
}

impl Workspace {
    /// The newest imports and dry runs.
    pub fn imports(&self, most: u32) -> Result<Vec<Import>> {
        Ok(self.store.read(|r| list_imports(r, self.id, None, most))?)
    }

    /// A page of the history, and whether there is another behind it.
    pub fn history(&self, filter: &HistoryFilter) -> Result<(Vec<Import>, bool)> {
        let words = text::key(filter.search.as_deref().unwrap_or_default());
        let mut found = Vec::new();
        let mut before = filter.before;
        loop {
            let read = self.store.read(|r| list_imports(r, self.id, before, READ_AT_ONCE))?;
            before = read.last().map(|import| import.id);
            let is_last = read.len() < READ_AT_ONCE as usize;
            for import in read.into_iter().filter(|import| filter.takes(import, &words)) {
                if found.len() == filter.most {
                    return Ok((found, true));
                }
                found.push(import);
            }
            if is_last {
                return Ok((found, false));
            }
        }
    }
}
