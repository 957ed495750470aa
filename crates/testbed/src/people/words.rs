//! The words sample people are made of. Invariant: no real company, and only domains reserved for
//! examples (RFC 2606).

pub(super) const FIRST: &[&str] = &[
    "Ada", "Ahmed", "Amara", "Anna", "Beatriz", "Carlos", "Chen", "Clara", "Daniel", "David", "Elena", "Emeka", "Emma",
    "Fatima", "Felix", "Grace", "Hana", "Henrik", "Ines", "Ivan", "James", "Jonas", "Julia", "Kenji", "Lars", "Laura",
    "Linda", "Lucia", "Marco", "Maria", "Mei", "Nadia", "Nora", "Olga", "Oscar", "Pedro", "Priya", "Ravi", "Rosa",
    "Samuel", "Sofia", "Thomas", "Vera", "Wei", "Yusuf", "Zara",
];

pub(super) const LAST: &[&str] = &[
    "Abara",
    "Andersson",
    "Bauer",
    "Becker",
    "Brown",
    "Costa",
    "Davies",
    "Dubois",
    "Fischer",
    "Garcia",
    "Gupta",
    "Hansen",
    "Hill",
    "Ito",
    "Jansen",
    "Jones",
    "Kaya",
    "Khan",
    "Kim",
    "Kovacs",
    "Larsen",
    "Lee",
    "Lopez",
    "Martin",
    "Meyer",
    "Moreau",
    "Nguyen",
    "Novak",
    "Okafor",
    "Olsen",
    "Patel",
    "Petrov",
    "Quinn",
    "Ricci",
    "Rossi",
    "Santos",
    "Sato",
    "Silva",
    "Smith",
    "Suzuki",
    "Tan",
    "Torres",
    "Vargas",
    "Virtanen",
    "Walker",
    "Wang",
    "Weber",
    "Wilson",
    "Yilmaz",
    "Zhou",
];

/// Whole names: diacritics, other scripts, an apostrophe of print and a right-to-left name.
pub(super) const BEYOND_ASCII: &[&str] = &[
    "José Muñoz",
    "Zoë Grønlund",
    "Łukasz Żak",
    "Søren Ångström",
    "Jürgen Müller",
    "Renée Lefèvre",
    "Aoife O’Brien",
    "Ayşe Şahin",
    "Jiří Nováček",
    "Дмитрий Иванов",
    "Ольга Петрова",
    "Θεόδωρος Παππάς",
    "田中 美咲",
    "王 小明",
    "김 서연",
    "محمد علي",
];

pub(super) const DOMAINS: &[&str] = &[
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "customers.example.com",
    "community.example.org",
    "headquarters.example.net",
];

pub(super) const TITLES: &[&str] = &[
    "Customer Success Manager",
    "VP of Marketing",
    "Head of IT",
    "Solutions Architect",
    "Director, Operations",
    "Software Engineer",
    "Product Owner",
    "Data Analyst",
    "Chief \"Happiness\" Officer",
    "Community Lead",
];

pub(super) const POSITIONS: &[&str] = &["Champion", "Reference", "Speaker", "Reviewer", "Beta tester", "Partner"];

pub(super) const PRODUCTS: &[&str] = &["Analytics", "Cloud Suite", "Mobile", "Connect", "Edge", "Platform"];

pub(super) const INDUSTRIES: &[&str] =
    &["Software", "Financial Services", "Healthcare", "Retail", "Manufacturing", "Education", "Public Sector", "Media"];

pub(super) const COMPANY_NAMES: &[&str] = &[
    "Northriver",
    "Bluestone",
    "Brightpeak",
    "Silverleaf",
    "Greenfold",
    "Ironvale",
    "Summitline",
    "Riverbend",
    "Starfield",
    "Deltamark",
    "Omnigrove",
    "Novabridge",
];

pub(super) const COMPANY_KINDS: &[&str] =
    &["Systems", "Labs", "Logistics", "Health", "Foods, Inc.", "Energy", "Partners", "Robotics", "Studios", "Bank"];

pub(super) const INTERESTS: &[&str] =
    &["Webinars", "Case studies", "Beta programs", "Referrals", "Events", "Reviews", "Mentoring"];

pub(super) const REGIONS: &[&str] = &["EMEA", "APAC", "NA", "LATAM", "DACH", "Nordics"];

pub(super) const PLATFORMS: &[&str] = &["youtube", "instagram", "tiktok", "twitch", "x"];

pub(super) const COUNTRIES: &[&str] = &["DE", "FR", "US", "GB", "BR", "IN", "JP", "PL", "SE", "ES"];
