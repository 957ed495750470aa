//! People listed, shown and exported: by ascending id, page by page, so that a list of any length costs the memory of a page.

use std::io::Write;

use convoke_people::id::{GroupId, ImportId, PersonId, TagId};
use convoke_people::record_type::RecordType;
use convoke_people::text;
use convoke_store::people::{
    PeopleFilter, Person as StoredPerson, Search, filtered_people, find_person, page_of_people,
};

use super::pages::{Page, length};
use super::person::{Person, PersonShapes};
use crate::error::{Error, Result};
use crate::imports::words;
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// People read at once.
const PAGE: u32 = 5_000;
/// Characters that are looked for.
const LONGEST_SEARCH: usize = 255;

/// Which people a request wants.
#[derive(Clone, Debug, Default)]
pub struct AskedPeople {
    /// Creators, prospects or advocates.
    pub of: String,
    /// A group's id or name.
    pub group: Option<String>,
    /// A tag's id or name.
    pub tag: Option<String>,
    /// The import that created them.
    pub import: Option<String>,
    /// What the identity or the name begins with.
    pub search: Option<String>,
    pub limit: Option<u32>,
    /// The id of the last one of the page before.
    pub after: Option<String>,
}

impl Workspace {
    /// Hands every person of a record type to `take`, by ascending id, page by page.
    pub fn each_person(&self, of: RecordType, mut take: impl FnMut(&StoredPerson) -> Result<()>) -> Result<()> {
        self.require_any(&[Permission::See, Permission::Export])?;
        let mut after = PersonId(0);
        loop {
            let page = self.store.read(|r| page_of_people(r, self.id, of, after, PAGE))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            page.iter().try_for_each(&mut take)?;
        }
    }

    pub fn people_page(&self, asked: &AskedPeople) -> Result<Page<Person>> {
        let of = record_type(&asked.of)?;
        let most = length(asked.limit)?;
        let after = asked.after.as_deref().map(|after| id("after", after)).transpose()?.unwrap_or(PersonId(0));
        let filter = PeopleFilter {
            group: asked.group.as_deref().map(|group| self.group_meant(group)).transpose()?,
            tag: asked.tag.as_deref().map(|tag| self.tag_meant(tag)).transpose()?,
            import: asked.import.as_deref().map(|import| id::<ImportId>("import", import)).transpose()?,
            search: asked.search.as_deref().and_then(|search| search_for(search).transpose()).transpose()?,
        };
        let mut people = self.store.read(|r| filtered_people(r, (self.id, of), &filter, after, most + 1))?;
        let is_last = people.len() <= most as usize;
        people.truncate(most as usize);
        let next = people.last().filter(|_| !is_last).map(|last| last.id.to_string());
        let shapes = PersonShapes::new(&self.fields(Some(of))?);
        Ok(Page { items: people.iter().map(|person| shapes.of(person)).collect(), next })
    }

    pub fn person(&self, id: PersonId) -> Result<Person> {
        let found = self.store.read(|r| find_person(r, self.id, id))?;
        let found = found.ok_or_else(|| Error::not_found(format!("There is no person {id}"), "See /api/v1/people."))?;
        Ok(PersonShapes::new(&self.fields(Some(found.record_type))?).of(&found))
    }

    /// Writes people as JSON, one a line.
    pub fn export_ndjson(&self, of: RecordType, mut out: impl Write) -> Result<()> {
        self.require(Permission::Export)?;
        let broken = |error: std::io::Error| Error::Output(format!("cannot write people: {error}"));
        let shapes = PersonShapes::new(&self.fields(Some(of))?);
        self.each_person(of, |person| {
            serde_json::to_writer(&mut out, &shapes.of(person)).map_err(|error| broken(error.into()))?;
            out.write_all(b"\n").map_err(broken)
        })?;
        out.flush().map_err(broken)
    }

    fn group_meant(&self, said: &str) -> Result<GroupId> {
        said.parse().or_else(|_| self.group_named(said))
    }

    fn tag_meant(&self, said: &str) -> Result<TagId> {
        said.parse().or_else(|_| self.tag_named(said))
    }
}

/// A record type as a request says it.
pub fn record_type(said: &str) -> Result<RecordType> {
    words::record_type(said).map_err(|why| Error::usage(format!("as: {why}"), "Say as=advocates, for example."))
}

fn id<T: std::str::FromStr>(what: &str, said: &str) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    said.parse().map_err(|why| Error::usage(format!("{what}: {why}"), "Copy it from an answer of this API."))
}

/// What is looked for; None if it is blank.
fn search_for(said: &str) -> Result<Option<Search>> {
    let search = text::trim(said);
    if search.chars().count() > LONGEST_SEARCH || search.contains(char::is_control) {
        let why = format!("search: it has at most {LONGEST_SEARCH} characters and none that cannot be seen");
        return Err(Error::usage(why, "Shorten it."));
    }
    let search = Search { identity: text::key(search), name: search.to_ascii_lowercase() };
    Ok((!search.identity.is_empty()).then_some(search))
}
