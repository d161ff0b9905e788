use ringback::{CallbackQuery, Outcome};

async fn makes_an_outcome(_query: CallbackQuery) -> Outcome {
    Outcome::default()
}

fn main() {}
