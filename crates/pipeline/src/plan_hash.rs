//! The hash of a chunk's plan: equal plans have equal hashes, whichever import id they were planned under. A run
//! compares it with the check's to find the rows that drifted.

use convoke_people::id::Block;
use xxhash_rust::xxh3::Xxh3;

use crate::plan::{Change, PlannedRow};

pub(crate) struct PlanHash {
    hash: Xxh3,
    block: Block,
}

impl PlanHash {
    pub(crate) fn new(block: Block) -> Self {
        Self { hash: Xxh3::new(), block }
    }

    pub(crate) fn row(&mut self, row: &PlannedRow, change: Option<&Change>) {
        // People this import creates have no id yet when a check looks at them.
        let person = row.person.filter(|person| Block::of(person.0) != self.block).map_or(0, |person| person.0);
        let mut head = [0; 16];
        head[..4].copy_from_slice(&row.row.to_le_bytes());
        head[4] = row.outcome as u8;
        head[5] = row.issues.len().min(255) as u8;
        head[8..].copy_from_slice(&person.to_le_bytes());
        self.hash.update(&head);
        for issue in &row.issues {
            self.hash.update(issue.code.key().as_bytes());
            self.text(issue.column.as_deref());
            self.text(issue.value.as_deref());
            self.text(issue.detail.as_deref());
        }
        let Some(change) = change else { return };
        for field in &change.fields {
            self.text(Some(&field.field));
            self.text(field.old.as_deref());
            self.text(field.new.as_deref());
        }
        for group in &change.groups {
            self.hash.update(&group.0.to_le_bytes());
        }
        for tag in &change.tags {
            self.text(Some(tag));
        }
    }

    fn text(&mut self, text: Option<&str>) {
        let length = text.map_or(u32::MAX, |t| t.len() as u32);
        self.hash.update(&length.to_le_bytes());
        self.hash.update(text.unwrap_or_default().as_bytes());
    }

    pub(crate) fn finish(&self) -> u64 {
        self.hash.digest()
    }
}
