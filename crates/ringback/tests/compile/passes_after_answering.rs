use ringback::{CallbackQuery, Outcome};

async fn passes_after_answering(query: CallbackQuery) -> Outcome {
    let answer = query.answer();
    drop(answer);
    query.pass()
}

fn main() {}
