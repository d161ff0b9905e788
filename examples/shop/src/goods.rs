//! What there is to buy.

/// Something to buy. Its number is its place in [`GOODS`].
#[derive(Debug, Clone, Copy)]
pub struct Good {
    /// What it is called.
    pub name: &'static str,
    /// What it costs today, in cents.
    pub cents: u32,
}

const fn good(name: &'static str, cents: u32) -> Good {
    Good { name, cents }
}

/// All there is to buy.
pub const GOODS: [Good; 7] = [
    good("A mug", 990),
    good("A pot", 2490),
    good("Black tea", 450),
    good("Green tea", 480),
    good("A strainer", 350),
    good("Honey", 620),
    good("A tray", 1890),
];
