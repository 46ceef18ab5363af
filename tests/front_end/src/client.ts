// The API, with the types that openapi-typescript has made from its description.
import createClient from "openapi-fetch";

import type { components, paths } from "./api";

export type Appointment = components["schemas"]["Appointment"];
export type Problem = components["schemas"]["Problem"];
export type Me = components["schemas"]["WhoAsks"];

export const api = createClient<paths>({ baseUrl: "/" });

// Each write carries the token against forgery, which changes when somebody signs in or out.
let token = "";
api.use({
  onRequest({ request }) {
    request.headers.set("X-CSRFToken", token);
  },
});

/** Who is signed in. */
export async function whoAsks(): Promise<Me> {
  const { data } = await api.GET("/api/me/");
  if (data === undefined) throw new Error("/api/me/ says nothing");
  token = data.csrf_token;
  return data;
}

/** What a refusal says to people. */
export function told(problem: Problem): string {
  const parts = problem.errors.map((each) => (each.field ? `${each.field}: ${each.detail}` : each.detail));
  return parts.length > 0 ? parts.join(" ") : problem.detail;
}

interface Answer {
  status: number;
  errors?: { message: string }[];
}

/** Asks django-allauth, whose API is described elsewhere. Returns what is wrong, if anything is. */
export async function auth(method: "POST" | "DELETE", address: string, sent?: object): Promise<string | undefined> {
  const response = await fetch(`/api/auth/browser/v1/auth/${address}`, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: sent === undefined ? null : JSON.stringify(sent),
  });
  const answer = (await response.json()) as Answer;
  await whoAsks();
  return answer.errors?.map((each) => each.message).join(" ");
}
