use ringback::{CallbackQuery, Outcome};

async fn answers_twice(query: CallbackQuery) -> Outcome {
    let _ = query.answer().text("one").await;
    query.answer().text("two").await
}

fn main() {}
