/** `$(NAME)` becomes the variable's value when there is one; `$$(NAME)` is how `$(NAME)` is written. Upstream: third_party/forked/golang/expansion/expand.go. */
export function expandVariables(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
    whole === '$$' ? '$' : name !== undefined && Object.hasOwn(env, name) ? env[name] : whole,
  );
}
