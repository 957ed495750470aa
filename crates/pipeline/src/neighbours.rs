//! Headers whose meaning hangs on the columns beside them. The first rule that names the header and whose condition holds
//! decides; where none does, the header means what the table of synonyms says.

use std::collections::HashMap;
use std::sync::LazyLock;

use convoke_people::field::Field;
use convoke_people::record_type::RecordType;
use convoke_people::text::bare;

use crate::mapping::Target;
use crate::synonyms::names;

/// When a rule holds. Lists as in the table of synonyms.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// Another column is one of these.
    Beside(&'static str),
    /// Other columns are all of these.
    BesideAll(&'static str),
    /// Creators are imported, and another column is one of these.
    CreatorsBeside(&'static str),
    /// Prospects or advocates are imported.
    NotCreators,
}

/// A header that means something else than the table says, or something only here.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub headers: &'static str,
    pub when: When,
    /// None: it is left for the user to decide.
    pub means: Option<Target>,
    pub because: &'static str,
}

const fn rule(headers: &'static str, when: When, means: Option<Target>, because: &'static str) -> Rule {
    Rule { headers, when, means, because }
}

const FIRST_NAME: Option<Target> = Some(Target::Field(Field::FirstName));
const SALESFORCE_ID: Option<Target> = Some(Target::Field(Field::SalesforceId));
const ORDER: When = When::Beside("order id, order number");

/// Every rule, the first that fits wins.
pub const RULES: &[Rule] = &[
    rule(
        "name, nom",
        When::Beside("last name, surname, nachname, familienname, nom de famille"),
        Some(Target::Field(Field::Name)),
        "The last name has a column of its own, so this is the full name.",
    ),
    rule(
        "name, nom",
        When::Beside("vorname, vornamen, prénom, prénoms"),
        Some(Target::LastName),
        "Beside Vorname and Prénom it is the last name.",
    ),
    rule(
        "nombre, nombres",
        When::Beside("apellido, apellidos, primer apellido"),
        FIRST_NAME,
        "Beside Apellidos it is the first name.",
    ),
    rule(
        "title, titre",
        When::Beside("job title, suffix, suffixe"),
        None,
        "Outlook's salutation (Mr, Ms); the job title stands in a column of its own.",
    ),
    rule(
        "contact id",
        When::Beside("contact owner id, account name id"),
        None,
        "Zoho's number of the contact, not Salesforce's.",
    ),
    rule(
        "contact id",
        When::Beside("account name, account id, lead id"),
        SALESFORCE_ID,
        "Accounts and leads are Salesforce's words.",
    ),
    rule(
        "id",
        When::BesideAll("first name, last name, owner id"),
        SALESFORCE_ID,
        "The names of Salesforce's own interface.",
    ),
    rule(
        "username, usuario, nutzername, benutzername, nom d'utilisateur, nombre de usuario",
        When::NotCreators,
        None,
        "The name with which a customer signs in to a shop is no handle.",
    ),
    rule(
        "channel, kanal, canal",
        When::CreatorsBeside("handle, username, account url, profile url, channel url, usuario"),
        Some(Target::Field(Field::Platform)),
        "In lists of creators it is the platform; elsewhere it is where a lead came from.",
    ),
    rule(
        "comments, comment, comentarios, commentaires, kommentare",
        When::Beside("likes, views, plays, shares"),
        None,
        "Beside likes and views it is a count.",
    ),
    rule("billing first name", ORDER, FIRST_NAME, "In a shop's orders who pays is the customer."),
    rule("billing last name", ORDER, Some(Target::LastName), "The same."),
    rule("billing company", ORDER, Some(Target::Field(Field::Company)), "The same."),
    rule("billing email", ORDER, Some(Target::Field(Field::Email)), "The same."),
    rule("billing phone", ORDER, Some(Target::Field(Field::Phone)), "The same."),
];

impl When {
    fn holds(self, place: usize, headers: &[String], record_type: RecordType) -> bool {
        let is_beside = |name| {
            let name = bare(name);
            headers.iter().enumerate().any(|(other, header)| other != place && *header == name)
        };
        match self {
            Self::Beside(list) => names(list).any(is_beside),
            Self::BesideAll(list) => names(list).all(is_beside),
            Self::CreatorsBeside(list) => record_type == RecordType::Creator && names(list).any(is_beside),
            Self::NotCreators => record_type != RecordType::Creator,
        }
    }
}

/// What the columns around say about the one at `place`. `headers` are [`bare`]. None: no rule is about it.
pub(crate) fn rule_for(place: usize, headers: &[String], record_type: RecordType) -> Option<&'static Rule> {
    BY_HEADER.get(&headers[place])?.iter().find(|rule| rule.when.holds(place, headers, record_type)).copied()
}

/// The rules about each header in its bare form, in their order.
static BY_HEADER: LazyLock<HashMap<String, Vec<&'static Rule>>> = LazyLock::new(|| {
    let mut by_header: HashMap<_, Vec<_>> = HashMap::new();
    for rule in RULES {
        names(rule.headers).for_each(|header| by_header.entry(bare(header)).or_default().push(rule));
    }
    by_header
});
