//! What the commands about a workspace ask: of a database, or of a server by its API. Commands say what they want and
//! print it; this is the one place that knows where it is, and both places answer in the shapes of the API.

use std::io::Write;

use anyhow::Result;
use convoke_app::directory::fields::{Field, NewField};
use convoke_app::directory::groups::{Group, NewGroup, no_group};
use convoke_app::directory::mappings::{MappedColumn, NewMapping, Saved, no_mapping};
use convoke_app::directory::pages::{Asked, LONGEST_PAGE, Page};
use convoke_app::directory::people::{AskedPeople, Which};
use convoke_app::directory::person::Person;
use convoke_app::directory::tags::Tag;
use convoke_app::imports::ImportOptions;
use convoke_app::members::Member;
use convoke_app::people::record_type::RecordType;
use convoke_app::people::text;
use convoke_app::sessions::MyWorkspace;
use convoke_app::workspaces::{WorkspaceSettings, all_workspaces};
use convoke_app::{Error, Workspace};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::args::{Format, Global, TemplateFormat};
use crate::open;
use crate::remote::Client;

/// Where a workspace is.
pub(crate) enum Resources<'g> {
    /// In the database that the settings say.
    Database(&'g Global),
    /// On a server; the token names the workspace.
    Server(Client),
}

/// A list without pages.
#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl Resources<'_> {
    /// By name.
    pub(crate) fn groups(&self) -> Result<Vec<Group>> {
        self.all("/groups", &[], |workspace, asked| workspace.group_page(asked))
    }

    /// Makes a group and gives its id.
    pub(crate) fn make_group(&self, new: &NewGroup) -> Result<String> {
        match self {
            Self::Database(global) => {
                let workspace = open::to_write(global, None)?;
                Ok(workspace.add_group(&new.name, new.description.as_deref(), new.code.as_deref())?.to_string())
            }
            Self::Server(client) => Ok(client.create::<Group>("/groups", new)?.id),
        }
    }

    /// Removes the group of a name, whoever is in it.
    pub(crate) fn remove_group(&self, name: &str) -> Result<()> {
        match self {
            Self::Database(global) => Ok(open::to_write(global, None)?.remove_group(name)?),
            Self::Server(client) => {
                let found = named::<Group>(client, ("/groups", &[]), name, |group| &group.name)?;
                let id = found.ok_or_else(|| no_group(name))?.id;
                client.delete(&format!("/groups/{id}"), &[("confirm", "true")])
            }
        }
    }

    /// In the order they were made, as templates have them.
    pub(crate) fn fields(&self, of: Option<RecordType>) -> Result<Vec<Field>> {
        let query: Vec<_> = of.iter().map(|of| ("as", of.plural().to_owned())).collect();
        let mut fields: Vec<Field> = self.all("/fields", &query, |workspace, asked| workspace.field_page(of, asked))?;
        fields.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(fields)
    }

    /// Defines a custom field and gives its id.
    pub(crate) fn make_field(&self, new: &NewField) -> Result<String> {
        match self {
            Self::Database(global) => Ok(open::to_write(global, None)?.add_field(new.into())?.to_string()),
            Self::Server(client) => Ok(client.create::<Field>("/fields", new)?.id),
        }
    }

    /// By name.
    pub(crate) fn tags(&self) -> Result<Vec<Tag>> {
        self.all("/tags", &[], |workspace, asked| workspace.tag_page(asked))
    }

    /// By record type and name.
    pub(crate) fn mappings(&self) -> Result<Vec<Saved>> {
        let mut mappings: Vec<Saved> =
            self.all("/mappings", &[], |workspace, asked| workspace.mapping_page(None, asked))?;
        mappings.sort_by_key(|saved| (RecordType::from(saved.record_type).code(), text::key(&saved.name)));
        Ok(mappings)
    }

    /// Saves choices about columns under a name, over an earlier mapping of that name.
    pub(crate) fn save_mapping(&self, name: &str, options: &ImportOptions) -> Result<()> {
        let client = match self {
            Self::Database(global) => return Ok(open::to_write(global, None)?.save_mapping(name, options)?),
            Self::Server(client) => client,
        };
        let (of, choices) = (options.record_type, &options.choices);
        let columns = choices.map.iter().cloned().map(|(column, field)| MappedColumn { column, field });
        let new = NewMapping {
            name: name.to_owned(),
            record_type: of.into(),
            map: columns.collect(),
            ignore: choices.ignore.clone(),
            ignore_unknown: choices.ignore_unknown,
        };
        match mapping_named(client, of, name)? {
            None => client.create::<Saved>("/mappings", &new)?,
            Some(earlier) => {
                let change = serde_json::json!({
                    "name": new.name, "map": new.map, "ignore": new.ignore, "ignore_unknown": new.ignore_unknown,
                });
                client.change::<Saved>(&format!("/mappings/{}", earlier.id), &change)?
            }
        };
        Ok(())
    }

    /// Removes the mapping of a name.
    pub(crate) fn remove_mapping(&self, of: RecordType, name: &str) -> Result<()> {
        match self {
            Self::Database(global) => Ok(open::to_write(global, None)?.remove_mapping(of, name)?),
            Self::Server(client) => {
                let id = mapping_named(client, of, name)?.ok_or_else(|| no_mapping(of, name))?.id;
                client.delete(&format!("/mappings/{id}"), &[])
            }
        }
    }

    /// The first of these people, in the order they came.
    pub(crate) fn people(&self, of: RecordType, which: &Which, most: usize) -> Result<Vec<Person>> {
        self.pages("/people", &people_query(of, which), most, |workspace, limit, after| {
            let (of, which, after) = (of.plural().to_owned(), which.clone(), after.map(str::to_owned));
            workspace.people_page(&AskedPeople { of, which, limit, after })
        })
    }

    /// Writes these people; false if there is no workspace yet that could have any.
    pub(crate) fn export(&self, of: RecordType, which: &Which, format: Format, out: &mut impl Write) -> Result<bool> {
        match self {
            Self::Database(global) => {
                let Some(workspace) = open::to_read(global)? else { return Ok(false) };
                let filter = workspace.people_filter(which)?;
                match format {
                    Format::Csv => workspace.export_csv(of, &filter, out)?,
                    Format::Ndjson => workspace.export_ndjson(of, &filter, out)?,
                }
            }
            Self::Server(client) => {
                let format = if format == Format::Csv { "csv" } else { "ndjson" };
                let mut query = people_query(of, which);
                query.push(("format", format.to_owned()));
                client.download("/people/export", &query, out)?;
            }
        }
        Ok(true)
    }

    /// Writes the template of a type with its custom fields; false if there is no workspace yet that could have any.
    pub(crate) fn template(&self, of: RecordType, format: TemplateFormat, out: &mut impl Write) -> Result<bool> {
        match self {
            Self::Database(global) => {
                let workspace = if open::may_exist(global)? { open::to_read(global)? } else { None };
                let Some(workspace) = workspace else { return Ok(false) };
                match format {
                    TemplateFormat::Csv => workspace.write_template(of, out)?,
                    TemplateFormat::Xlsx => workspace.write_template_workbook(of, out)?,
                }
            }
            Self::Server(client) => {
                let format = if format == TemplateFormat::Csv { "csv" } else { "xlsx" };
                client.download(&format!("/templates/{}", of.plural()), &[("format", format.to_owned())], out)?;
            }
        }
        Ok(true)
    }

    /// In the order they came.
    pub(crate) fn members(&self) -> Result<Vec<Member>> {
        match self {
            Self::Database(global) => Ok(open::to_read(global)?.map_or(Ok(Vec::new()), |found| found.members())?),
            Self::Server(client) => Ok(client.get::<Items<Member>>("/members", &[])?.items),
        }
    }

    /// Those of the database; on a server the one of the token.
    pub(crate) fn workspaces(&self) -> Result<Vec<MyWorkspace>> {
        match self {
            Self::Database(global) => Ok(all_workspaces(&open::store_to_read(global)?)?),
            Self::Server(client) => Ok(client.get::<Items<MyWorkspace>>("/workspaces", &[])?.items),
        }
    }

    /// What is set for the workspace.
    pub(crate) fn workspace(&self) -> Result<WorkspaceSettings> {
        match self {
            Self::Database(global) => Ok(open::to_find(global)?.shown_settings()?.shape),
            Self::Server(client) => client.get("/workspace", &[]),
        }
    }

    /// All pages of a list by name.
    fn all<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
        here: impl Fn(&Workspace, &Asked) -> Result<Page<T>, Error>,
    ) -> Result<Vec<T>> {
        self.pages(path, query, usize::MAX, |workspace, limit, after| {
            here(workspace, &Asked { limit, after: after.map(str::to_owned), name: None })
        })
    }

    /// The first `most` items of a list, page by page.
    fn pages<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
        most: usize,
        here: impl Fn(&Workspace, Option<u32>, Option<&str>) -> Result<Page<T>, Error>,
    ) -> Result<Vec<T>> {
        let workspace = match self {
            Self::Database(global) => open::to_read(global)?,
            Self::Server(_) => None,
        };
        let (mut all, mut after) = (Vec::new(), None::<String>);
        while all.len() < most {
            let limit = u32::try_from(most - all.len()).unwrap_or(LONGEST_PAGE).min(LONGEST_PAGE);
            let page = match (self, &workspace) {
                (Self::Server(client), _) => {
                    let mut query = query.to_vec();
                    query.push(("limit", limit.to_string()));
                    query.extend(after.map(|after| ("after", after)));
                    client.get::<Page<T>>(path, &query)?
                }
                (Self::Database(_), Some(workspace)) => here(workspace, Some(limit), after.as_deref())?,
                (Self::Database(_), None) => break,
            };
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(all)
    }
}

fn people_query(of: RecordType, which: &Which) -> Vec<(&'static str, String)> {
    let Which { group, tag, import, identity, search } = which;
    let said = [("group", group), ("tag", tag), ("import", import), ("identity", identity), ("search", search)];
    let said = said.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
    [("as", of.plural().to_owned())].into_iter().chain(said).collect()
}

fn mapping_named(client: &Client, of: RecordType, name: &str) -> Result<Option<Saved>> {
    named(client, ("/mappings", &[("as", of.plural().to_owned())]), name, |saved: &Saved| &saved.name)
}

/// The item of a name in any case: of all that begin so it is the first.
fn named<T: DeserializeOwned>(
    client: &Client,
    (path, query): (&str, &[(&str, String)]),
    name: &str,
    name_of: impl Fn(&T) -> &str,
) -> Result<Option<T>> {
    let query = [query, &[("name", name.to_owned()), ("limit", "1".to_owned())]].concat();
    let page: Page<T> = client.get(path, &query)?;
    Ok(page.items.into_iter().find(|item| text::key(name_of(item)) == text::key(name)))
}
