//! Headers that mean a field, in four languages and as the usual CRMs, shops and creator tools write them. Compared bare:
//! without case, accents, blanks and punctuation. What is not in this table is never a field by itself.

use std::collections::HashMap;
use std::sync::LazyLock;

use convoke_people::field::Field;
use convoke_people::record_type::RecordType;
use convoke_people::text::bare;

use crate::account_headers;
use crate::mapping::{Target, is_importable};

/// The headers of one field: lists divided by commas, the strongest first.
#[derive(Clone, Copy, Debug)]
pub struct Synonyms {
    pub target: Target,
    pub english: &'static str,
    pub german: &'static str,
    pub french: &'static str,
    pub spanish: &'static str,
    /// As certain products write them.
    pub products: &'static str,
    /// Meant only where no other column of the file is this field.
    pub fallback: &'static str,
}

impl Synonyms {
    const fn of(target: Target) -> Self {
        Self { target, english: "", german: "", french: "", spanish: "", products: "", fallback: "" }
    }

    const fn field(field: Field) -> Self {
        Self::of(Target::Field(field))
    }

    /// Every header.
    pub(crate) fn every(&self) -> impl Iterator<Item = &'static str> {
        self.all().map(|(name, _)| name)
    }

    /// Every header with its strength, the smallest being the strongest.
    fn all(&self) -> impl Iterator<Item = (&'static str, u16)> {
        let sure = [self.english, self.german, self.french, self.spanish, self.products];
        let sure = sure.into_iter().flat_map(names).zip(1..);
        sure.chain(names(self.fallback).zip(FIRST_FALLBACK..))
    }
}

/// The names of a list of the table.
pub fn names(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(", ").filter(|name| !name.is_empty())
}

/// From this strength on a header means its field only where nothing stronger does.
pub(crate) const FIRST_FALLBACK: u16 = 1000;

/// One entry a field, in the order of the page of headers.
pub const TABLE: &[Synonyms] = &[
    Synonyms {
        english: "name, full name, contact name, display name, creator name, influencer name, customer name, person, \
                  your name, your full name, what's your name",
        german: "vor und nachname, vorname und nachname, vollständiger name, anzeigename, ansprechpartner, \
                 ansprechpartnerin, kontaktname",
        french: "nom, nom complet, nom et prénom, prénom et nom, nom du contact, nom affiché",
        spanish: "nombre, nombre completo, nombre y apellido, nombre y apellidos, nombre del cliente, \
                  nombre del contacto, nombre para mostrar",
        products: "person - name",
        fallback: "influencer",
        ..Synonyms::field(Field::Name)
    },
    Synonyms {
        english: "first name, given name, forename, your first name",
        german: "vorname, vornamen, rufname",
        french: "prénom, prénoms",
        spanish: "nombre de pila, primer nombre",
        products: "fname, person - first name",
        ..Synonyms::field(Field::FirstName)
    },
    Synonyms {
        english: "last name, surname, family name, your last name",
        german: "nachname, familienname, zuname",
        french: "nom de famille",
        spanish: "apellido, apellidos, primer apellido",
        products: "lname, person - last name",
        ..Synonyms::of(Target::LastName)
    },
    Synonyms {
        english: "email, mail, email address, mail address, primary email, primary email address, work email, \
                  business email, contact email, your email, your email address, what's your email",
        german: "e-mail-adresse, mailadresse, primäre e-mail-adresse, e-mail geschäftlich, geschäftliche e-mail",
        french: "adresse e-mail, adresse mail, courriel, adresse courriel, adresse de messagerie, \
                 adresse électronique, e-mail professionnel",
        spanish: "correo electrónico, correo, dirección de correo electrónico, dirección de correo, \
                  correo electrónico principal",
        products: "e-mail 1 - value, email 1, person - email, person - email - work, customer email",
        ..Synonyms::field(Field::Email)
    },
    Synonyms {
        english: "title, job title, job role",
        german: "berufsbezeichnung, stellenbezeichnung, jobtitel, funktion",
        french: "titre, titre du poste, intitulé du poste, poste, fonction",
        spanish: "cargo, puesto, puesto de trabajo",
        products: "organization 1 - title, organization title, person - title, person - job title",
        ..Synonyms::field(Field::Title)
    },
    Synonyms {
        english: "company, company name, account name, organization, organisation, organization name, \
                  organisation name, employer",
        german: "firma, unternehmen, firmenname, unternehmensname, arbeitgeber",
        french: "société, entreprise, nom de la société, nom de l'entreprise, raison sociale, employeur",
        spanish: "empresa, organización, nombre de la empresa, razón social, compañía",
        products: "organization 1 - name, person - organization, associated company, company or account, \
                   default address company",
        ..Synonyms::field(Field::Company)
    },
    Synonyms { english: "position", ..Synonyms::field(Field::Position) },
    Synonyms {
        english: "industry",
        german: "branche",
        french: "secteur d'activité",
        spanish: "industria, sector de actividad",
        ..Synonyms::field(Field::Industry)
    },
    Synonyms {
        english: "product, products",
        german: "produkt, produkte",
        french: "produit, produits",
        spanish: "producto, productos",
        ..Synonyms::field(Field::Product)
    },
    Synonyms {
        english: "website, website url, company website, homepage, site, web page, web address",
        german: "webseite, internetseite, internetadresse",
        french: "site web, site internet, page web",
        spanish: "sitio web, página web",
        products: "website 1 - value, web page 1, webseite 1",
        ..Synonyms::field(Field::Website)
    },
    Synonyms {
        english: "phone, phone number, telephone, telephone number, tel",
        german: "telefon, telefonnummer, telephon",
        french: "téléphone, numéro de téléphone",
        spanish: "teléfono, número de teléfono",
        products: "phone 1 - value, person - phone, person - phone - work",
        fallback: "work phone, business phone, telefon geschäftlich, telefon geschaeft, tel. dienstlich, \
                   téléphone fixe, téléphone professionnel, teléfono del trabajo, mobile, mobile phone, mobile number, \
                   cell phone, mobil, mobiltelefon, handy, handynummer, mobilnummer, portable, téléphone portable, \
                   tél. mobile, teléfono móvil, móvil, teléfono celular, celular, sms, work direct phone, \
                   first phone, corporate phone",
        ..Synonyms::field(Field::Phone)
    },
    Synonyms {
        english: "country, country/region, creator country",
        german: "land, land/region",
        french: "pays, pays/région",
        spanish: "país, país/región, país de residencia, país residencia",
        products: "address 1 - country",
        fallback: "work country, mailing country, billing country, dienstlich: land, país o región del trabajo, \
                   home country, privat: land, shipping country",
        ..Synonyms::field(Field::Country)
    },
    Synonyms {
        english: "language, lang",
        german: "sprache",
        french: "langue",
        spanish: "idioma",
        ..Synonyms::field(Field::Language)
    },
    Synonyms {
        english: "platform, social platform, social media platform, network, social network, channel type",
        german: "plattform, netzwerk, soziales netzwerk",
        french: "plateforme, réseau social",
        spanish: "plataforma, red social",
        ..Synonyms::field(Field::Platform)
    },
    Synonyms {
        english: "handle, username, account handle, social handle, social media handle, social media handle(s), \
                  creator handle, influencer handle",
        german: "nutzername, benutzername",
        french: "nom d'utilisateur, identifiant du compte",
        spanish: "usuario, nombre de usuario",
        ..Synonyms::field(Field::Handle)
    },
    Synonyms {
        english: "profile url, profile link, channel url, channel link, account url, account link, social url",
        german: "profil-url, profillink, link zum profil",
        french: "url du profil, lien du profil",
        spanish: "url del perfil, enlace del perfil",
        products: "media_url",
        fallback: "url, profile",
        ..Synonyms::field(Field::ProfileUrl)
    },
    Synonyms {
        english: "salesforce id, salesforce contact id, sfdc id, sf id",
        german: "salesforce-kennung",
        french: "identifiant salesforce",
        spanish: "id de salesforce",
        ..Synonyms::field(Field::SalesforceId)
    },
    Synonyms { english: "external contact id", ..Synonyms::field(Field::ExternalContactId) },
    Synonyms { english: "external account id", ..Synonyms::field(Field::ExternalAccountId) },
    Synonyms {
        english: "followers, follower count, followers count, subscribers, subscriber count, fans, total followers, \
                  number of followers",
        german: "follower, followerzahl, anzahl follower, abonnenten",
        french: "abonnés, nombre d'abonnés",
        spanish: "seguidores, número de seguidores",
        products: "#followers/subscribers",
        ..Synonyms::field(Field::Followers)
    },
    Synonyms {
        english: "engagement rate, engagement, er, engagement rate percent, average engagement rate, \
                  avg engagement rate",
        german: "engagement-rate, interaktionsrate",
        french: "taux d'engagement",
        spanish: "tasa de engagement, tasa de interacción",
        products: "awg_engagement_rate",
        ..Synonyms::field(Field::EngagementRate)
    },
    Synonyms {
        english: "notes, note, comments, comment",
        german: "notizen, notiz, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar, kommentare",
        french: "remarques, remarque, commentaire, commentaires",
        spanish: "notas, nota, comentarios, comentario, observaciones",
        ..Synonyms::field(Field::Notes)
    },
    Synonyms {
        english: "group, groups, group name",
        german: "gruppe, gruppen",
        french: "groupe, groupes",
        spanish: "grupo, grupos",
        ..Synonyms::of(Target::Group)
    },
    Synonyms {
        english: "tags, tag, labels, label",
        german: "schlagwörter, schlagworte",
        french: "étiquettes, étiquette",
        spanish: "etiquetas, etiqueta",
        products: "person - labels",
        ..Synonyms::of(Target::Tags)
    },
];

/// What a header means by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) target: Target,
    pub(crate) strength: u16,
}

static MEANINGS: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| {
    let every = TABLE.iter().flat_map(|entry| entry.all().map(|(name, strength)| (entry.target, name, strength)));
    let mut meanings = HashMap::new();
    for (target, name, strength) in every {
        // Of two writings that are one when bare, the stronger place counts.
        meanings.entry(bare(name)).or_insert(Meaning { target, strength });
    }
    meanings
});

/// What a header means, if the record type has that field. `header` comes as [`bare`] makes it.
pub(crate) fn meaning(header: &str, record_type: RecordType) -> Option<Meaning> {
    MEANINGS.get(header).copied().filter(|meaning| is_for(meaning.target, record_type))
}

/// The field a header surely names; none for those that are a field only where nothing else is.
pub fn target(header: &str, record_type: RecordType) -> Option<Target> {
    let sure = meaning(&bare(header), record_type).filter(|meaning| meaning.strength < FIRST_FALLBACK);
    sure.map(|meaning| meaning.target)
}

/// Whether a header names a field of any record type: rows of such cells are header rows.
pub fn is_known_header(text: &str) -> bool {
    let header = bare(text);
    MEANINGS.contains_key(&header) || account_headers::is_known(&header)
}

/// Whether people of a record type have what a target names.
pub(crate) fn is_for(target: Target, record_type: RecordType) -> bool {
    match target {
        Target::Field(field) => is_importable(field, record_type),
        Target::Account(_) => account_headers::is_for(record_type),
        Target::LastName | Target::Custom(_) | Target::Group | Target::Tags => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! means {
        ($($name:ident: $header:literal as $record_type:ident => $target:expr;)*) => {$(
            #[test]
            fn $name() {
                assert_eq!(target($header, RecordType::$record_type), $target);
            }
        )*};
    }

    means! {
        a_hyphen_does_not_count: "E-Mail" as Advocate => Some(Target::Field(Field::Email));
        an_underscore_does_not_count: " first_name " as Prospect => Some(Target::Field(Field::FirstName));
        accents_do_not_count: "SOCIETE" as Prospect => Some(Target::Field(Field::Company));
        percent_in_brackets: "Engagement Rate (%)" as Creator => Some(Target::Field(Field::EngagementRate));
        a_field_of_another_type_is_unknown: "Followers" as Advocate => None;
        a_fallback_is_not_sure: "Mobile" as Prospect => None;
        an_id_is_no_field: "id" as Advocate => None;
        credits_are_no_field: "credits" as Creator => None;
        invited_is_no_field: "invited" as Advocate => None;
        kind_is_no_field: "kind" as Advocate => None;
        a_sign_is_no_field: "#" as Creator => None;
        an_academic_degree_is_no_job_title: "Titel" as Advocate => None;
    }

    #[test]
    fn no_header_means_two_fields() {
        let mut seen = HashMap::new();
        for entry in TABLE {
            for (name, _) in entry.all() {
                let other = *seen.entry(bare(name)).or_insert(entry.target);
                assert_eq!(other, entry.target, "{name}");
            }
        }
    }

    #[test]
    fn every_template_header_is_its_own_field() {
        for record_type in RecordType::ALL {
            for column in record_type.template() {
                assert!(target(column.label(), record_type).is_some(), "{}", column.label());
            }
        }
    }

    #[test]
    fn headers_of_any_record_type_are_known() {
        for header in ["Vorname", "FOLLOWERS", "salesforce_id", "Tags", "TikTok URL"] {
            assert!(is_known_header(header), "{header}");
        }
        for text in ["Ada Lovelace", "ada@example.com", "", "42"] {
            assert!(!is_known_header(text), "{text}");
        }
    }
}
