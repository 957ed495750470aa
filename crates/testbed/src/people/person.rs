//! One made-up person and the ways to spoil an e-mail address. Invariant: all follows from seed and
//! number, and the address holds the number and lies in a domain reserved for examples.

use super::words;

/// A small generator of repeatable chance (splitmix64).
#[derive(Clone, Copy)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64, number: u64) -> Self {
        // Neighbouring seeds and numbers must not make neighbouring streams.
        let mut chance = Self(seed);
        Self(chance.next() ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// A number from 0 to `limit` - 1; `limit` is small, so the bias is too.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 16) % limit
    }

    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// Up to `most` different choices, joined the way several values stand in a cell.
    fn several(&mut self, choices: &[&str], most: u64) -> String {
        let first = self.next();
        let count = self.below(most + 1) as usize;
        let first = (first >> 16) as usize % choices.len();
        let chosen: Vec<&str> = (0..count).map(|k| choices[(first + k) % choices.len()]).collect();
        chosen.join(", ")
    }
}

/// Everything a sample file may say about somebody.
pub(super) struct Person {
    pub(super) number: u64,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) title: &'static str,
    pub(super) company: String,
    pub(super) salesforce_id: String,
    pub(super) position: &'static str,
    pub(super) product: &'static str,
    pub(super) industry: &'static str,
    pub(super) account_id: String,
    pub(super) interests: String,
    pub(super) regions: String,
    pub(super) platform: &'static str,
    pub(super) country: &'static str,
    slug: String,
    more: Chance,
}

impl Person {
    pub(super) fn new(seed: u64, number: u64) -> Self {
        let mut chance = Chance::new(seed, number);
        let (first, last) = (chance.pick(words::FIRST), chance.pick(words::LAST));
        // Addresses stay plain where names do not, as they mostly do in real lists.
        let slug = first.to_ascii_lowercase();
        let email = format!("{slug}.{}.{number}@{}", last.to_ascii_lowercase(), chance.pick(words::DOMAINS));
        let name = match chance.below(100) {
            0..12 => chance.pick(words::BEYOND_ASCII).to_owned(),
            _ => [first, last].join(" "),
        };
        let company = [chance.pick(words::COMPANY_NAMES), " ", chance.pick(words::COMPANY_KINDS)].concat();
        Self {
            number,
            name,
            email,
            title: chance.pick(words::TITLES),
            company,
            salesforce_id: salesforce_id(number, chance.next()),
            position: chance.pick(words::POSITIONS),
            product: chance.pick(words::PRODUCTS),
            industry: chance.pick(words::INDUSTRIES),
            account_id: format!("ACC-{:06}", chance.below(200_000)),
            interests: chance.several(words::INTERESTS, 3),
            regions: chance.several(words::REGIONS, 2),
            platform: chance.pick(words::PLATFORMS),
            country: chance.pick(words::COUNTRIES),
            slug,
            more: chance,
        }
    }

    /// A handle every platform allows (up to 15 letters and digits for numbers of ten digits), with
    /// `@` in every second case.
    pub(super) fn handle(&self) -> String {
        let at = if self.number.is_multiple_of(2) { "@" } else { "" };
        let letters: String = self.slug.chars().take(5).collect();
        format!("{at}{letters}{}", self.number)
    }

    /// Followers and engagement rate, as people write them.
    pub(super) fn reach(&mut self) -> [String; 2] {
        let followers = 500 + self.more.below(2_000_000);
        let rate = self.more.below(120);
        [followers.to_string(), format!("{}.{} %", rate / 10, rate % 10)]
    }

    /// Two creators of three publish their address.
    pub(super) fn shows_email(&mut self) -> bool {
        self.more.below(3) > 0
    }
}

/// The 15 characters of a contact's id; the number keeps it unique, chance keeps it unordered.
fn salesforce_id(number: u64, chance: u64) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let digits = |mut value: u64| {
        std::array::from_fn::<u8, 6, _>(|_| {
            let digit = DIGITS[(value % 62) as usize];
            value /= 62;
            digit
        })
    };
    // A factor prime to 62 keeps different numbers different and makes neighbours look unrelated.
    let scattered = (u128::from(number) * 38_654_705_663 % 62_u128.pow(6)) as u64;
    let all = b"003".iter().copied().chain(digits(chance >> 20)).chain(digits(scattered));
    all.map(char::from).collect()
}

/// A way to spoil an e-mail address such that no reading of it makes a valid one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    Blank,
    NoAt,
    TwoAts,
    InnerSpace,
    NoDomain,
    NoDot,
    NotAvailable,
}

impl Bad {
    const ALL: [Self; 7] =
        [Self::NoAt, Self::TwoAts, Self::InnerSpace, Self::NoDomain, Self::NoDot, Self::Blank, Self::NotAvailable];

    pub(super) fn of(chance: u64) -> Self {
        Self::ALL[(chance % 7) as usize]
    }

    pub(super) fn email(self, good: &str) -> String {
        let local = good.split('@').next().unwrap_or_default();
        match self {
            Self::Blank => String::new(),
            Self::NoAt => good.replace('@', ""),
            Self::TwoAts => good.replace('@', "@@"),
            Self::InnerSpace => good.replacen('.', " ", 1),
            Self::NoDomain => format!("{local}@"),
            Self::NoDot => format!("{local}@example"),
            Self::NotAvailable => "n/a".to_owned(),
        }
    }
}
