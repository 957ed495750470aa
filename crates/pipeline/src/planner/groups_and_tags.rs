//! The groups and tags that a row gives: those of the whole import, and its own.

use convoke_people::id::{GroupId, PersonId};

use super::{Draft, Planner};
use crate::merging::PersonRef;
use crate::plan::GiveTag;

impl Planner<'_> {
    pub(super) fn groups_of(&self, place: usize, draft: &Draft<'_>) -> Vec<GroupId> {
        let mut groups = self.recipe.settings.groups.clone();
        groups.extend(draft.chunk.rows[place].group.filter(|group| !self.recipe.settings.groups.contains(group)));
        groups
    }

    /// Compared form and name of the tags a row gives.
    pub(super) fn tags_of(&self, place: usize, draft: &Draft<'_>) -> Vec<(Box<str>, Box<str>)> {
        let mut tags = self.default_tags.clone();
        for tag in draft.chunk.row_tags(place) {
            let (Some(key), Some(name)) = (draft.chunk.text(tag.key), draft.chunk.text(tag.name)) else { continue };
            if !tags.iter().any(|(known, _)| **known == *key) {
                tags.push((key.into(), name.into()));
            }
        }
        tags
    }

    pub(super) fn new_tags(
        &self,
        place: usize,
        person: &PersonRef<'_>,
        draft: &Draft<'_>,
    ) -> Vec<(Box<str>, Box<str>)> {
        let mut tags = self.tags_of(place, draft);
        tags.retain(|(key, _)| !person.tags().contains(key));
        tags
    }

    pub(super) fn give_tag(&self, person: PersonId, tag: (Box<str>, Box<str>), row: u32, draft: &mut Draft<'_>) {
        if draft.tag_keys.insert(tag.0.clone()) {
            draft.plan.tag_names.push(tag.clone());
        }
        draft.plan.tags.push(GiveTag { person, key: tag.0, row });
    }
}
