//! `/openapi.json`: the control API, described.

use super::{Ask, Outcome};
use crate::app::App;
use crate::http::full;
use hyper::StatusCode;
use std::sync::Arc;

const DOCUMENT: &str = include_str!("../../openapi.json");

/// `GET /openapi.json`
pub(super) fn document(_: &Arc<App>, _: &Ask) -> Outcome {
    Ok(full(StatusCode::OK, "application/json", DOCUMENT))
}

#[cfg(test)]
mod tests {
    use super::DOCUMENT;
    use crate::control::routes::ROUTES;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).unwrap()
    }

    #[test]
    fn it_has_every_route_and_no_other() {
        let document = document();
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                described.insert((method.to_uppercase(), path.clone()));
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let named: Vec<_> = parameters.filter(|parameter| parameter["in"] == "path").collect();
                assert_eq!(named.len(), path.matches('{').count(), "{method} {path}");
                for parameter in named {
                    assert!(
                        path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap())),
                        "{path}"
                    );
                }
                let takes_body = operation.get("requestBody").is_some();
                let may = ["post", "put", "patch"].contains(&method.as_str());
                assert!(may || !takes_body, "{method} {path}");
            }
        }
        let there = ROUTES
            .iter()
            .map(|route| (route.method.to_owned(), route.path.to_owned()))
            .collect();
        assert_eq!(described, there);
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_schema_is_used() {
        let document = document();
        let mut used = BTreeSet::new();
        references(&document, &mut used);
        for to in &used {
            assert!(document.pointer(&to[1..]).is_some(), "{to}");
        }
        for name in document["components"]["schemas"].as_object().unwrap().keys() {
            assert!(used.contains(&format!("#/components/schemas/{name}")), "{name}");
        }
        let operations = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|methods| methods.as_object().unwrap().values());
        let ids: Vec<_> = operations
            .map(|operation| operation["operationId"].as_str().unwrap())
            .collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    }

    fn references(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    match field.as_str().filter(|_| name == "$ref") {
                        Some(to) => drop(into.insert(to.to_owned())),
                        None => references(field, into),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, into)),
            _ => {}
        }
    }

    /// The names that other programs rely on.
    #[test]
    fn it_keeps_the_contract() {
        let document = document();
        for (schema, required, optional) in [
            ("Press", "id callback_query_id outcome", "answer error elapsed_ms"),
            ("NewPress", "from chat button", "message_id password forge wait"),
            ("Answer", "show_alert cache_time", "text url"),
            ("ClientError", "code message", ""),
            ("NewBot", "id username token first_name", ""),
            (
                "Bot",
                "id username first_name token receives pending_update_count",
                "",
            ),
            ("User", "id is_bot first_name", "last_name username"),
            ("ChatRef", "id type title", ""),
            ("ChatRow", "chat", "last_message"),
            ("InlineQuery", "id outcome", "results next_offset button error"),
            ("Settings", "answer_timeout_ms second_answer strict", ""),
            (
                "Fault",
                "method",
                "error_code description retry_after delay_ms times probability",
            ),
            ("Snapshot", "format version world", "files"),
            ("Entry", "seq time actor kind cause", ""),
        ] {
            let described = &document["components"]["schemas"][schema];
            let names = |list: &str| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let required: BTreeSet<_> = names(required).into_iter().collect();
            let listed: BTreeSet<_> = described["required"]
                .as_array()
                .unwrap()
                .iter()
                .map(|name| name.as_str().unwrap().to_owned())
                .collect();
            assert_eq!(listed, required, "{schema}");
            for name in required.into_iter().chain(names(optional)) {
                assert!(described["properties"].get(&name).is_some(), "{schema}.{name}");
            }
        }
        let outcomes = &document["components"]["schemas"]["Press"]["properties"]["outcome"]["enum"];
        assert_eq!(
            *outcomes,
            serde_json::json!(["answered", "cached", "timeout", "error", "pending"])
        );
        let error = &document["components"]["schemas"]["Error"]["properties"]["error"]["required"];
        assert_eq!(*error, serde_json::json!(["code", "message", "hint"]));
    }
}
