import type { FormEvent, ReactNode } from "react";

/** A form whose values are handed to `send`. */
export function Form(props: { name: string; send: (values: Record<string, string>) => void; children: ReactNode }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]);
    props.send(Object.fromEntries(values) as Record<string, string>);
  };
  return (
    <form id={props.name} onSubmit={submit}>
      {props.children}
      <button type="submit">{props.name.replace("-", " ")}</button>
    </form>
  );
}
