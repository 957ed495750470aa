//! Headers that mean a field: exact names first, then what the usual CRMs and creator tools write. A header that is
//! not in this table is never guessed.

use convoke_people::field::Field;
use convoke_people::record_type::RecordType;

use crate::mapping::{Target, is_importable};

/// Field and its other headers, in lower case with single blanks, without punctuation.
const TABLE: &[(Target, &[&str])] = &[
    (Target::Field(Field::Name), &["name", "full name", "contact name", "display name", "creator name", "person"]),
    (Target::Field(Field::FirstName), &["first name", "firstname", "given name", "forename", "vorname", "prenom"]),
    (
        Target::LastName,
        &["last name", "lastname", "surname", "family name", "nachname", "nom de famille", "apellido", "apellidos"],
    ),
    (
        Target::Field(Field::Email),
        &[
            "email",
            "e mail",
            "mail",
            "email address",
            "e mail address",
            "emailaddress",
            "work email",
            "business email",
            "primary email",
            "contact email",
            "mail address",
            "email adresse",
            "e mail adresse",
            "adresse e mail",
            "adresse email",
            "courriel",
            "correo",
            "correo electronico",
            "correo electrónico",
        ],
    ),
    (Target::Field(Field::Title), &["title", "job title", "jobtitle", "job role"]),
    (
        Target::Field(Field::Company),
        &[
            "company",
            "company name",
            "account name",
            "organization",
            "organisation",
            "employer",
            "firma",
            "unternehmen",
        ],
    ),
    (Target::Field(Field::Position), &["position"]),
    (Target::Field(Field::Industry), &["industry", "branche"]),
    (Target::Field(Field::Product), &["product", "products"]),
    (
        Target::Field(Field::Website),
        &["website", "web site", "website url", "company website", "homepage", "site", "url", "webseite"],
    ),
    (
        Target::Field(Field::Phone),
        &["phone", "phone number", "telephone", "mobile", "mobile phone", "tel", "telefon", "telefono", "teléfono"],
    ),
    (Target::Field(Field::Country), &["country", "country region", "land", "pays", "pais", "país"]),
    (Target::Field(Field::Language), &["language", "lang", "sprache", "langue", "idioma"]),
    (Target::Field(Field::Platform), &["platform", "network", "social network", "channel type", "plattform"]),
    (Target::Field(Field::Handle), &["handle", "username", "user name", "account handle", "social handle"]),
    (
        Target::Field(Field::ProfileUrl),
        &["profile url", "profile link", "profile", "channel url", "social url", "profil url", "account url"],
    ),
    (
        Target::Field(Field::SalesforceId),
        &["salesforce id", "sfdc id", "salesforce contact id", "sf id", "crm contact id", "contact id"],
    ),
    (Target::Field(Field::ExternalContactId), &["external contact id"]),
    (Target::Field(Field::ExternalAccountId), &["external account id"]),
    (
        Target::Field(Field::Followers),
        &["followers", "follower count", "followers count", "subscribers", "subscriber count", "fans"],
    ),
    (
        Target::Field(Field::EngagementRate),
        &["engagement rate", "engagement", "er", "engagement rate percent", "avg engagement rate"],
    ),
    (Target::Field(Field::Notes), &["notes", "note", "comment", "comments", "notizen", "bemerkung", "remarques"]),
    (Target::Group, &["group", "groups", "gruppe", "groupe", "grupo"]),
    (Target::Tags, &["tags", "tag", "labels"]),
];

/// The field a header names, if the record type has it. `header` comes as [`convoke_people::text::key`] makes it.
pub fn target(header: &str, record_type: RecordType) -> Option<Target> {
    let plain = without_punctuation(header);
    TABLE.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(target, _)| *target).filter(|target| {
        match target {
            Target::Field(field) => is_importable(*field, record_type),
            _ => true,
        }
    })
}

fn without_punctuation(header: &str) -> String {
    let mut plain = String::with_capacity(header.len());
    for c in header.chars() {
        if c.is_alphanumeric() {
            plain.push(c);
        } else if !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! means {
        ($($name:ident: $header:literal as $record_type:ident => $target:expr;)*) => {$(
            #[test]
            fn $name() {
                let key = convoke_people::text::key($header);
                assert_eq!(target(&key, RecordType::$record_type), $target);
            }
        )*};
    }

    means! {
        a_hyphen_is_a_blank: "E-Mail" as Advocate => Some(Target::Field(Field::Email));
        an_underscore_is_a_blank: " first_name " as Prospect => Some(Target::Field(Field::FirstName));
        percent_in_brackets: "Engagement Rate (%)" as Creator => Some(Target::Field(Field::EngagementRate));
        a_field_of_another_type_is_unknown: "Followers" as Advocate => None;
        an_id_is_no_field: "id" as Advocate => None;
        credits_are_no_field: "credits" as Creator => None;
        invited_is_no_field: "invited" as Advocate => None;
        kind_is_no_field: "kind" as Advocate => None;
    }

    #[test]
    fn no_header_means_two_fields() {
        for (place, (_, names)) in TABLE.iter().enumerate() {
            for name in *names {
                assert!(TABLE[..place].iter().all(|(_, others)| !others.contains(name)), "{name}");
                assert_eq!(without_punctuation(name), *name);
            }
        }
    }

    #[test]
    fn every_template_header_is_its_own_field() {
        for record_type in RecordType::ALL {
            for column in record_type.template() {
                let found = target(&convoke_people::text::key(column.label()), record_type);
                assert!(found.is_some(), "{}", column.label());
            }
        }
    }
}
