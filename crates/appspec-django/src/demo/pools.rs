//! What example rows say, so that they look like rows that somebody entered.
//!
//! Nothing here is of anybody: the domains are reserved for examples, the telephone numbers for films, the people are made up.

/// First and last names.
pub(super) const PEOPLE: [(&str, &str); 16] = [
    ("Alex", "Morgan"),
    ("Inês", "Carvalho"),
    ("Jonas", "Weber"),
    ("Amira", "Haddad"),
    ("Tomás", "Oliveira"),
    ("Mei", "Lin"),
    ("Greta", "Lindqvist"),
    ("Kofi", "Mensah"),
    ("Elena", "Rossi"),
    ("Noah", "Fischer"),
    ("Sofia", "Almeida"),
    ("Liam", "Murphy"),
    ("Yuki", "Tanaka"),
    ("Hanna", "Kowalska"),
    ("Daniel", "Novak"),
    ("Clara", "Dubois"),
];

/// Street, postal code, town, region, country by code and by name, latitude, longitude.
pub(super) const PLACES: [[&str; 8]; 8] = [
    [
        "14 Rua do Carmo",
        "1200-093",
        "Lisbon",
        "Lisboa",
        "PT",
        "Portugal",
        "38.712139",
        "-9.139520",
    ],
    [
        "8 Torstraße",
        "10119",
        "Berlin",
        "Berlin",
        "DE",
        "Germany",
        "52.529407",
        "13.401953",
    ],
    [
        "27 Harbour Street",
        "BS1 4RN",
        "Bristol",
        "Avon",
        "GB",
        "United Kingdom",
        "51.449803",
        "-2.597996",
    ],
    [
        "3 Via Garibaldi",
        "10122",
        "Turin",
        "Piemonte",
        "IT",
        "Italy",
        "45.073274",
        "7.680687",
    ],
    [
        "52 Calle Mayor",
        "28013",
        "Madrid",
        "Madrid",
        "ES",
        "Spain",
        "40.415524",
        "-3.707398",
    ],
    [
        "19 Rue des Tanneurs",
        "69005",
        "Lyon",
        "Rhône",
        "FR",
        "France",
        "45.759723",
        "4.825422",
    ],
    [
        "6 Prinsengracht",
        "1015 DV",
        "Amsterdam",
        "Noord-Holland",
        "NL",
        "Netherlands",
        "52.379189",
        "4.886471",
    ],
    [
        "41 Storgatan",
        "903 26",
        "Umeå",
        "Västerbotten",
        "SE",
        "Sweden",
        "63.825847",
        "20.263035",
    ],
];

/// What places, teams and things are named after.
pub(super) const NAMES: [&str; 12] = [
    "Riverside",
    "Old Town",
    "Harbour",
    "Linden",
    "Northgate",
    "Station",
    "Meadow",
    "Castle",
    "Bridge",
    "Orchard",
    "Lakeside",
    "Market",
];

/// Companies.
pub(super) const COMPANIES: [&str; 8] = [
    "Birch & Sons",
    "Nordlicht GmbH",
    "Casa Verde",
    "Blue Heron Trading",
    "Atlas Supplies",
    "Fennel & Co",
    "Quayside Works",
    "Miller Partners",
];

/// Things that are sold.
pub(super) const PRODUCTS: [&str; 10] = [
    "Oak side table",
    "Linen cushion",
    "Ceramic mug",
    "Desk lamp",
    "Wool blanket",
    "Olive oil, 500 ml",
    "Leather notebook",
    "Cast-iron pan",
    "Canvas tote bag",
    "Garden shears",
];

/// Headings that things are sorted under.
pub(super) const CATEGORIES: [&str; 10] = [
    "Essentials",
    "New this season",
    "Home",
    "Outdoor",
    "Kitchen",
    "Gifts",
    "Classics",
    "Workshop",
    "Children",
    "Clearance",
];

/// What people do for others.
pub(super) const SERVICES: [&str; 8] = [
    "First consultation",
    "Regular check",
    "Full service",
    "Express service",
    "Repair",
    "Home visit",
    "Follow-up",
    "Maintenance",
];

/// What is taught.
pub(super) const COURSES: [&str; 8] = [
    "Introduction to pottery",
    "Spanish for beginners",
    "Watercolour basics",
    "Bread baking",
    "Photography at night",
    "Yoga in the morning",
    "Bookkeeping",
    "Public speaking",
];

/// From summer to summer.
pub(super) const SEASONS: [&str; 8] = [
    "2026/27", "2025/26", "2024/25", "2023/24", "2022/23", "2021/22", "2020/21", "2019/20",
];

/// What is to be done.
pub(super) const TASKS: [&str; 8] = [
    "Call the supplier",
    "Prepare the invoice",
    "Update the price list",
    "Order more paper",
    "Plan the summer party",
    "Check the fire exits",
    "Answer the open letters",
    "Renew the insurance",
];

/// Where people meet.
pub(super) const EVENTS: [&str; 8] = [
    "Summer opening",
    "Autumn market",
    "Members' evening",
    "Spring concert",
    "Open day",
    "New Year brunch",
    "Charity run",
    "Harvest dinner",
];

/// Books and other works.
pub(super) const WORKS: [&str; 8] = [
    "The Long Ferry",
    "A House by the Weir",
    "Letters from the Coast",
    "The Clockmaker's Garden",
    "Winter Atlas",
    "Small Hours",
    "The Copper Road",
    "What the Tide Left",
];

/// Headlines.
pub(super) const TITLES: [&str; 8] = [
    "Welcome to the new season",
    "Opening hours in August",
    "What we learned this year",
    "A short guide for beginners",
    "Changes to the timetable",
    "Five questions we hear often",
    "Meet the team",
    "Thank you for coming",
];

/// Jobs.
pub(super) const JOBS: [&str; 8] = [
    "Manager",
    "Assistant",
    "Accountant",
    "Designer",
    "Technician",
    "Coordinator",
    "Trainer",
    "Receptionist",
];

/// Short remarks.
pub(super) const NOTES: [&str; 8] = [
    "Prefers to be called in the morning.",
    "Asked for the usual.",
    "Please ring the bell at the side door.",
    "First time here, recommended by a friend.",
    "Needs an invoice.",
    "Will bring the old one along.",
    "Allergic to nuts.",
    "Pays by card.",
];

/// A sentence that says something about anything.
pub(super) const REMARKS: [&str; 8] = [
    "As agreed on the phone.",
    "Confirmed in writing.",
    "To be looked at once more.",
    "Settled on the spot.",
    "Waiting for an answer.",
    "As last year.",
    "Passed on to the office.",
    "Nothing to add.",
];

/// A few sentences.
pub(super) const PARAGRAPHS: [&str; 6] = [
    "Simple, sturdy and easy to like.",
    "A favourite for years, and asked for in every season.",
    "New this year. We are glad to hear what you think of it.",
    "Chosen with care by people who use it themselves.",
    "Our most popular choice for small groups.",
    "Comes with everything that is needed to begin.",
];

/// Why something was done.
pub(super) const REASONS: [&str; 6] = [
    "Changed plans",
    "Arrived damaged",
    "Ordered by mistake",
    "Moved to another town",
    "Fell ill",
    "Found a better date",
];

/// Words for whatever else is asked.
pub(super) const WORDS: [&str; 10] = [
    "Amber", "Cedar", "Indigo", "Juniper", "Marble", "Saffron", "Willow", "Copper", "Ivory",
    "Slate",
];

/// Colours as in CSS, currencies, languages, units, sizes, versions.
pub(super) const COLOURS: [&str; 6] = [
    "#1f6f8b", "#e07a5f", "#3d405b", "#81b29a", "#f2cc8f", "#6d597a",
];
pub(super) const CURRENCIES: [&str; 4] = ["EUR", "GBP", "SEK", "USD"];
pub(super) const LANGUAGES: [&str; 5] = ["en", "pt", "de", "fr", "es"];
pub(super) const UNITS: [&str; 5] = ["piece", "kg", "litre", "box", "hour"];
pub(super) const SIZES: [&str; 5] = ["S", "M", "L", "XL", "one size"];
pub(super) const VERSIONS: [&str; 4] = ["1.0.0", "1.2.4", "2.0.1", "2.3.0"];

/// IBANs of the examples in the standard's registry.
pub(super) const IBANS: [&str; 4] = [
    "PT50000201231234567890154",
    "DE89370400440532013000",
    "GB29NWBK60161331926819",
    "FR1420041010050500013M02606",
];

/// Amounts of money, in hundredths.
pub(super) const PRICES: [i64; 8] = [1_250, 2_400, 3_990, 1_800, 6_400, 995, 12_000, 3_200];

/// Shares in percent.
pub(super) const PERCENTS: [i64; 5] = [0, 5, 10, 15, 20];

/// How many.
pub(super) const COUNTS: [i64; 8] = [2, 5, 1, 12, 3, 8, 4, 20];

/// Lengths of time in minutes.
pub(super) const MINUTES: [i64; 6] = [45, 30, 60, 90, 20, 120];
