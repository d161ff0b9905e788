//! Two buttons and an allow-list: the demo's bot.
fn main() {}
