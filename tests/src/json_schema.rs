//! JSON against a JSON Schema, as far as our published schemas go: a keyword that is not known here is a violation,
//! so nothing passes by not being looked at. A complete validator would bring a hundred packages.

use serde_json::{Map, Value};

/// Where and why a value does not fit a schema; empty if it fits.
pub fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let validator = Validator { root: schema };
    validator.look(schema, value, "$", &mut found);
    found
}

struct Validator<'s> {
    root: &'s Value,
}

impl Validator<'_> {
    fn look(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let rules = match schema {
            Value::Bool(true) => return,
            Value::Object(rules) => rules,
            _ => return found.push(format!("{at}: nothing is allowed here")),
        };
        for (keyword, rule) in rules {
            if let Some(reason) = self.broken(rules, keyword, rule, value, at, found) {
                found.push(format!("{at}: {reason}"));
            }
        }
    }

    fn broken(
        &self,
        rules: &Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
        at: &str,
        found: &mut Vec<String>,
    ) -> Option<String> {
        let fits = |schema: &Value| {
            let mut inner = Vec::new();
            self.look(schema, value, at, &mut inner);
            inner.is_empty()
        };
        let count = |schemas: &Value| {
            let schemas = schemas.as_array().map_or(&[][..], Vec::as_slice);
            schemas.iter().filter(|schema| fits(schema)).count()
        };
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        match keyword {
            "$schema" | "$defs" | "title" | "description" | "format" => None,
            "$ref" => {
                let name = rule.as_str()?.strip_prefix("#/$defs/")?;
                match self.root["$defs"].get(name) {
                    Some(target) => self.look(target, value, at, found),
                    None => return Some(format!("the schema has no `{name}`")),
                }
                None
            }
            "type" => {
                let names = rule
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![rule.clone()]);
                let fits = names
                    .iter()
                    .any(|name| is_of_type(name.as_str().unwrap_or(""), value));
                (!fits).then(|| format!("{value} is no {rule}"))
            }
            "const" => (value != rule).then(|| format!("{value} is not {rule}")),
            "enum" => {
                (!rule.as_array()?.contains(value)).then(|| format!("{value} is none of {rule}"))
            }
            "minimum" => {
                (value.as_f64()? < rule.as_f64()?).then(|| format!("{value} is below {rule}"))
            }
            "minItems" => (items.len() < usize::try_from(rule.as_u64()?).ok()?)
                .then(|| format!("less than {rule} items")),
            "maxItems" => (items.len() > usize::try_from(rule.as_u64()?).ok()?)
                .then(|| format!("more than {rule} items")),
            "oneOf" => {
                (count(rule) != 1).then(|| format!("{value} fits {} of several forms", count(rule)))
            }
            "anyOf" => (count(rule) == 0).then(|| format!("{value} fits no form")),
            "items" => {
                for (index, item) in items.iter().enumerate() {
                    self.look(rule, item, &format!("{at}[{index}]"), found);
                }
                None
            }
            "prefixItems" => {
                for (index, (schema, item)) in rule.as_array()?.iter().zip(items).enumerate() {
                    self.look(schema, item, &format!("{at}[{index}]"), found);
                }
                None
            }
            "required" => {
                let object = value.as_object()?;
                let missing = rule
                    .as_array()?
                    .iter()
                    .find(|key| !object.contains_key(key.as_str().unwrap_or("")));
                missing.map(|key| format!("{key} is missing"))
            }
            "properties" => {
                for (key, schema) in rule.as_object()? {
                    if let Some(inner) = value.get(key) {
                        self.look(schema, inner, &format!("{at}.{key}"), found);
                    }
                }
                None
            }
            "additionalProperties" => {
                let known = rules.get("properties").and_then(Value::as_object);
                let strange = value
                    .as_object()?
                    .keys()
                    .find(|key| known.is_none_or(|known| !known.contains_key(*key)));
                (*rule == Value::Bool(false))
                    .then(|| strange.map(|key| format!("{key} is unknown")))?
            }
            other => Some(format!(
                "the keyword `{other}` of the schema is not known to this test"
            )),
        }
    }
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::violations;

    #[test]
    fn what_does_not_fit_is_found() {
        let schema = json!({
            "$defs": {"Id": {"type": "integer", "minimum": 0}},
            "type": "object",
            "properties": {"id": {"$ref": "#/$defs/Id"}, "kind": {"oneOf": [{"const": "a"}, {"const": "b"}]}},
            "required": ["id"],
            "additionalProperties": false,
        });
        assert_eq!(violations(&schema, &json!({"id": 1, "kind": "a"})), [""; 0]);
        for wrong in [
            json!({}),
            json!({"id": -1}),
            json!({"id": "1"}),
            json!({"id": 1, "kind": "c"}),
            json!({"id": 1, "more": 1}),
            json!([]),
        ] {
            assert_ne!(violations(&schema, &wrong), [""; 0], "{wrong}");
        }
        assert_ne!(violations(&json!({"pattern": "a"}), &json!("a")), [""; 0]);
    }
}
