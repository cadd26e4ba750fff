import { defineConfig } from 'vite'

// File names are stable, because the built page is committed and embedded by name (src/web/web_page.c).
export default defineConfig({
	base: './',
	server: { proxy: { '/api': 'http://127.0.0.1:8081' } },
	build: {
		target: 'es2021',
		// Packed its names take a twentieth less of the script than esbuild's.
		minify: 'terser',
		terserOptions: { module: true, compress: { passes: 3 } },
		assetsInlineLimit: 0,
		cssCodeSplit: false,
		modulePreload: false,
		reportCompressedSize: false,
		rollupOptions: {
			output: {
				entryFileNames: 'assets/app.js',
				inlineDynamicImports: true,
				assetFileNames: (asset) => ((asset.names?.[0] ?? asset.name ?? '').endsWith('.css') ? 'assets/app.css' : 'assets/[name][extname]'),
			},
		},
	},
})
