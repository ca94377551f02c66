import xml from "@prettier/plugin-xml";

// Texts of SOPs are data: white space inside XML elements must stay as it is.
export default {
    plugins: [xml],
    printWidth: 100,
    tabWidth: 4,
    bracketSpacing: false,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
};
