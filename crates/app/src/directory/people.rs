//! People listed, shown and exported: by ascending id, page by page, so that a list of any length costs the memory of a page.

use std::io::Write;

use convoke_people::id::{GroupId, ImportId, PersonId, TagId};
use convoke_people::record_type::RecordType;
use convoke_people::text;
pub use convoke_store::people::PeopleFilter;
use convoke_store::people::{Person as StoredPerson, Search, find_person, page_of_people};
use serde_json::json;

use super::pages::{Page, length};
use super::person::{Person, PersonShapes};
use crate::audit::Action;
use crate::error::{Error, Result};
use crate::imports::words;
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// People read at once.
const PAGE: u32 = 5_000;
/// Characters that are looked for.
const LONGEST_SEARCH: usize = 255;

/// Which people of a type are wanted: what is not said narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Which {
    /// A group's id or name.
    pub group: Option<String>,
    /// A tag's id or name.
    pub tag: Option<String>,
    /// The import that created them.
    pub import: Option<String>,
    /// E-mail address, or platform and handle of a creator.
    pub identity: Option<String>,
    /// A piece of their identity, name, company or e-mail address.
    pub search: Option<String>,
}

/// A page of people as it is asked for.
#[derive(Clone, Debug, Default)]
pub struct AskedPeople {
    /// Creators, prospects or advocates.
    pub of: String,
    pub which: Which,
    pub limit: Option<u32>,
    /// The id of the last one of the page before.
    pub after: Option<String>,
}

impl Workspace {
    /// Hands each of these people to `take`, by ascending id, page by page.
    pub fn each_person(
        &self,
        of: RecordType,
        filter: &PeopleFilter,
        mut take: impl FnMut(&StoredPerson) -> Result<()>,
    ) -> Result<()> {
        self.require_any(&[Permission::See, Permission::Export])?;
        let mut after = PersonId(0);
        loop {
            let page = self.store.read(|r| page_of_people(r, (self.id, of), filter, after, PAGE))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            page.iter().try_for_each(&mut take)?;
        }
    }

    pub fn people_page(&self, asked: &AskedPeople) -> Result<Page<Person>> {
        let of = record_type(&asked.of)?;
        let most = length(asked.limit)?;
        let after = asked.after.as_deref().map(|after| id("after", after)).transpose()?.unwrap_or(PersonId(0));
        let filter = self.people_filter(&asked.which)?;
        let mut people = self.store.read(|r| page_of_people(r, (self.id, of), &filter, after, most + 1))?;
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

    /// Writes these people as JSON, one a line.
    pub fn export_ndjson(&self, of: RecordType, filter: &PeopleFilter, mut out: impl Write) -> Result<()> {
        self.require(Permission::Export)?;
        let broken = |error: std::io::Error| Error::Output(format!("cannot write people: {error}"));
        let shapes = PersonShapes::new(&self.fields(Some(of))?);
        self.each_person(of, filter, |person| {
            serde_json::to_writer(&mut out, &shapes.of(person)).map_err(|error| broken(error.into()))?;
            out.write_all(b"\n").map_err(broken)
        })?;
        out.flush().map_err(broken)
    }

    /// Who is about to be sent to somebody, which is written down.
    pub fn people_to_export(&self, of: RecordType, which: &Which) -> Result<PeopleFilter> {
        self.require(Permission::Export)?;
        let filter = self.people_filter(which)?;
        let detail = json!({"as": of.plural(), "narrowed": *which != Which::default()});
        self.note(Action::PeopleExported, None, detail)?;
        Ok(filter)
    }

    /// Who is meant, after groups and tags were found.
    pub fn people_filter(&self, which: &Which) -> Result<PeopleFilter> {
        let Which { group, tag, import, identity, search } = which;
        Ok(PeopleFilter {
            group: group.as_deref().map(|group| self.group_meant(group)).transpose()?,
            tag: tag.as_deref().map(|tag| self.tag_meant(tag)).transpose()?,
            import: import.as_deref().map(|import| id::<ImportId>("import", import)).transpose()?,
            identity: identity.as_deref().map(|identity| text::key(text::trim(identity))),
            search: search.as_deref().and_then(|search| search_for(search).transpose()).transpose()?,
        })
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
    let search = Search { identity: text::key(search), text: search.to_lowercase() };
    Ok((!search.identity.is_empty()).then_some(search))
}
