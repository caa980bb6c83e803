// The letter in emailmd, from Markdown: content as JSON on standard input, HTML on standard output.
// It takes one set of colours, so there are none for the dark, and has no place for a language or a title.
import { render } from "emailmd";
import { text } from "node:stream/consumers";

const d = JSON.parse(await text(process.stdin));
const cells = (all) => `| ${all.join(" | ")} |`;

const story = (s) => `---

**${s.ordinal}**

## ${s.heading}

${s.body.join("\n\n")}

::: callout
**[${s.card.title}](${s.card.url})**\\
${s.card.summary}\\
${s.card.by}
:::

[${s.button.label}](${s.button.url}){button}
`;

const source = `---
preheader: ${JSON.stringify(d.preheader)}
---
::: header left
**${d.newsletter}**

${d.tagline} · ${d.month} · ${d.number}
:::

# ${d.title}

${d.intro.join("\n\n")}

${d.stories.map(story).join("\n")}
---

## ${d.figuresHeading}

${cells(d.figures.map((f) => f.value))}
${cells(d.figures.map(() => ":---:"))}
${cells(d.figures.map((f) => f.label))}

> **${d.quote}**
>
> — ${d.source}

${d.closing.join("\n\n")}

::: footer left
${[...d.footer, `[수신 거부](${d.wayOut})`].join("\n\n")}
:::
`;

const theme = {
  brandColor: "#0b6655", headingColor: "#1c2422", bodyColor: "#1c2422", backgroundColor: "#eceeea", contentColor: "#ffffff",
  cardColor: "#edf4f0", buttonColor: "#0b6655", buttonTextColor: "#ffffff", borderRadius: "4px", lineHeight: "28px",
  fontFamily: "'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif",
};
const minify = process.argv[2] === "minified";
const { html, warnings } = await render(source, { theme, minify, validationLevel: "strict" });
if (warnings) throw new Error(JSON.stringify(warnings));
process.stdout.write(html);
